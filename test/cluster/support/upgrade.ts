import { randomUUID } from "node:crypto";
import { eventually, type Nats } from "@muove/testkit";
import { connect } from "@nats-io/transport-node";
import type { Bus } from "muove";
import { statusOf, type Worker } from "../../failures/support/worker.js";
import type { Caller } from "./ledger.js";

/**
 * The shortest lame duck mode that nats-server takes, 30 s, with half of the default grace period.
 */
export const lameDuckConfig = { lameDuckDuration: 30_000, lameDuckGracePeriod: 5_000 };

/** How long a server without clients may take to end after the grace period, in ms, on a busy machine. */
const endTimeout = 20_000;

const isOn = (listen: string | undefined, server: Nats): boolean => server.url === `nats://${listen}`;

/** Resolves when all of them are connected to other servers. */
export async function untilMoved(server: Nats, { workers = [], buses = [] }: { workers?: Worker[]; buses?: Bus[] }) {
  await eventually(
    async () => {
      const statuses = [...(await Promise.all(workers.map(statusOf))), ...buses.map((bus) => bus.status)];
      return statuses.every(({ connection }) => connection.state === "up" && !isOn(connection.server, server));
    },
    { within: 10_000, what: "everybody has moved to another server" },
  );
}

/** Resolves when a server in lame duck mode without clients has ended by itself. */
export async function untilEnded(server: Nats): Promise<void> {
  await eventually(() => !server.running, { within: endTimeout, what: "the lame duck has ended" });
}

/** Resolves when each caller has made this many more calls. */
export async function untilMoreCalls(callers: readonly Caller[], calls: number): Promise<void> {
  const before = callers.map((caller) => caller.calls.done.length);
  await eventually(() => callers.every((caller, i) => caller.calls.done.length >= (before[i] ?? 0) + calls), {
    within: 20_000,
    what: `${calls} more calls of each caller`,
  });
}

/** Starts a server again. Resolves when requests get through from it to each of the others, and back. */
export async function restartInCluster(server: Nats, cluster: readonly Nats[]): Promise<void> {
  await server.start();
  const others = cluster.filter((other) => other !== server);
  await Promise.all(others.flatMap((other) => [reaches(server, other), reaches(other, server)]));
}

/**
 * Resolves when requests get through from each server to each other one. The first one that does is not enough: routes
 * come up one by one, 2.10 and later have several to each server, and until then an answer may reach a server that does
 * not know the caller yet.
 */
export async function reachable(servers: readonly Nats[]): Promise<void> {
  await Promise.all(servers.flatMap((from) => servers.filter((to) => to !== from).map((to) => reaches(from, to))));
}

/** Resolves when requests get through from one server to another. */
export async function reaches(from: Nats, to: Nats): Promise<void> {
  const [asking, answering] = await Promise.all([from, to].map(({ url }) => connect({ servers: url })));
  if (!asking || !answering) throw new Error("no connections");
  const subject = `probe.${randomUUID()}`;
  answering.subscribe(subject, { callback: (_error, message) => void message.respond() });
  await eventually(async () => await asking.request(subject, "", { timeout: 2_000 }), { within: 20_000 });
  await Promise.all([asking.close(), answering.close()]);
}
