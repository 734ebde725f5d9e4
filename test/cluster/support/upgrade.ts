import { eventually, type Nats } from "@muove/testkit";
import { type Bus, connect } from "muove";
import { connected } from "../../failures/support/bus.js";
import { statusOf, type Worker } from "../../failures/support/worker.js";
import { worker } from "../../services/contract.js";
import type { Caller } from "./ledger.js";

/** The shortest lame duck mode that nats-server takes: 30 s. Nobody is cut in the first 5, half of what is the default. */
export const lameDuckConfig = { lameDuckDuration: 30_000, lameDuckGracePeriod: 5_000 };

/** How long a server without clients may take to end after that grace, on a busy machine. */
const END_WITHIN = 20_000;

const isOn = (listen: string | undefined, server: Nats): boolean => server.url === `nats://${listen}`;

/** Resolves when none of them is connected to the server any more. */
export async function left(server: Nats, { workers = [], buses = [] }: { workers?: Worker[]; buses?: Bus[] }) {
  await eventually(
    async () => {
      const statuses = [...(await Promise.all(workers.map(statusOf))), ...buses.map((bus) => bus.status)];
      return statuses.every(({ connection }) => connection.state === "up" && !isOn(connection.server, server));
    },
    { within: 10_000, what: "everybody has moved to another server" },
  );
}

/** Resolves when a server in lame duck mode, with nobody on it, has ended by itself. */
export async function gone(server: Nats): Promise<void> {
  await eventually(() => !server.running, { within: END_WITHIN, what: "the lame duck has ended" });
}

/** Resolves when each caller has made so many calls more. */
export async function more(callers: readonly Caller[], calls: number): Promise<void> {
  const before = callers.map((caller) => caller.calls.done.length);
  await eventually(() => callers.every((caller, i) => caller.calls.done.length >= (before[i] ?? 0) + calls), {
    within: 20_000,
    what: `${calls} calls more of each caller`,
  });
}

/** Starts a server again; resolves when callers on it reach the workers of the cluster, as a readiness probe would tell. */
export async function backInTheCluster(server: Nats): Promise<void> {
  await server.start();
  await using bus = connect({ service: "probe", servers: server.url, logger: false });
  await connected(bus);
  await eventually(async () => (await bus.to(worker).echo({ text: "there?" }, { timeout: 1_000 })).status === "ok", {
    within: 20_000,
    what: "the server knows of the cluster's workers",
  });
}
