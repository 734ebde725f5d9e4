import { eventually, type Nats } from "@muove/testkit";
import { type Bus, connect, type Outcome } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { natsServerVersion } from "../support/nats-server.js";
import { connected } from "./support/bus.js";
import { type Fault, failure } from "./support/failure.js";
import { load, tally } from "./support/load.js";
import { startWorker } from "./support/worker.js";

/**
 * The server's settings, and the bound that follows from them. The server pings a connection that was quiet for an
 * interval, up to two intervals after its last byte, and closes it when `ping_max` pings are unanswered and one more is
 * due.
 */
const pingInterval = 1_000;
const maxPingsOut = 2;
const bound = pingInterval * (maxPingsOut + 2);

/** For a busy machine. */
const slack = 1_000;

/** Three instances, one of them behind a proxy, and a caller. */
async function system({ kit }: Fault) {
  const nats = await kit.nats({ on: "nats-server", config: { pingInterval, maxPingsOut }, text: "debug: true" });
  const path = await kit.proxy(nats.url);
  await Promise.all([startWorker({ kit }, nats), startWorker({ kit }, nats), startWorker({ kit }, path)]);
  const bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  return { nats, path, bus };
}

interface Call {
  readonly begun: number;
  readonly outcome: Outcome<unknown>;
}

const echo = (bus: Bus) => async (): Promise<Call> => {
  const begun = performance.now();
  return { begun, outcome: await bus.to(worker).echo({ text: "hi" }) };
};

/** Whether the server has dropped the worker's connection. What the worker dials afterwards on the lost path does not count. */
const hasDropped = (nats: Nats): boolean => /Stale Client Connection/.test(nats.output);

failure(
  "F23",
  "the server drops a quiet instance that has lost its network within the bound of its ping settings",
  async (fault) => {
    const { nats, path, bus: opened } = await system(fault);
    await using bus = opened;
    const before = load(5, echo(bus));
    await eventually(() => before.done.length >= 50);
    await before.stop();

    const lost = performance.now();
    path.blackHole();
    await eventually(() => hasDropped(nats), { within: 4 * bound });
    const dropped = performance.now() - lost;
    fault.figure(`from the loss until the server drops a quiet connection, with a bound of ${bound} ms`, dropped);
    expect(dropped).toBeLessThan(bound + slack);

    const after = load(20, echo(bus));
    await eventually(() => after.done.length >= 500);
    const outcomes = tally((await after.stop()).map(({ outcome }) => outcome));
    expect(outcomes).toEqual({ ok: after.done.length });
  },
);

failure("F23", "under load, at most a lost instance's share of calls times out until it is dropped", async (fault) => {
  const { nats, path, bus: opened } = await system(fault);
  await using bus = opened;
  const opens: string[] = [];
  bus.on("circuitOpened", ({ address }) => opens.push(address));
  const calls = load(20, echo(bus));
  await eventually(() => calls.done.length >= 200);

  const lost = performance.now();
  path.blackHole();
  // 2.9 takes its own sending for a sign of life, and pings only when it has sent nothing either.
  const notices = natsServerVersion().minor >= 10;
  if (notices) await eventually(() => hasDropped(nats), { within: 4 * bound });
  else await eventually(() => performance.now() - lost > 2 * bound, { within: 4 * bound });
  const end = performance.now();
  expect(hasDropped(nats)).toBe(notices);
  const settled = calls.done.length;
  await eventually(() => calls.done.length >= settled + 200);
  const done = await calls.stop();

  const during = done.filter(({ begun }) => begun >= lost && begun <= end);
  const late = during.filter(({ outcome }) => outcome.status !== "ok");
  const share = (100 * late.length) / during.length;
  if (notices) {
    fault.figure(`from the loss until the server drops it under load, with a bound of ${bound} ms`, end - lost);
    expect(end - lost).toBeLessThan(bound + slack);
    const after = done.filter(({ begun }) => begun > end + slack);
    expect(tally(after.map(({ outcome }) => outcome))).toEqual(after.length > 0 ? { ok: after.length } : {});
  }
  fault.figure("calls that time out until then", share, "%");
  expect(Object.keys(tally(late.map(({ outcome }) => outcome)))).toEqual(["timeout/maybe"]);
  expect(share).toBeGreaterThan(15);
  expect(share).toBeLessThan(47);
  expect(opens).toEqual([]);
  // Without load, 2.9 notices it, too.
  await eventually(() => hasDropped(nats), { within: 4 * bound });
});
