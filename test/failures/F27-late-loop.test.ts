import { eventually } from "@muove/testkit";
import { connect } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { tally } from "./support/load.js";
import { countsOf, startWorker } from "./support/worker.js";

const timeout = 250; // That of the contract, so that a timeout could count for the circuit.

failure(
  "F27",
  "answers that lie in the socket when the event loop is late count, even past the deadline",
  async (fault) => {
    const nats = await fault.nats();
    const service = await startWorker(fault, nats);
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    let opened = 0;
    bus.on("circuitOpened", () => opened++);
    await connected(bus);
    expect(await bus.to(worker).echo({ text: "warm" }, { timeout: 5_000 })).toMatchObject({ status: "ok" });

    const calls = Array.from({ length: 50 }, (_, i) => bus.to(worker).echo({ text: String(i) }, { timeout }));
    await leave();
    block(4 * timeout); // The callee answers meanwhile.
    const outcomes = tally(await Promise.all(calls));

    const { ok = 0, "overloaded/no": refused = 0 } = outcomes; // A refusal is an answer, too, and may come on a busy machine.
    fault.figure("false timeouts of 50", 50 - ok - refused, "timeouts");
    expect(ok).toBeGreaterThan(0);
    expect(ok + refused).toBe(50);
    expect(opened).toBe(0);
    expect((await countsOf(service)).received).toBe(51);
  },
);

failure("F27", "late timeouts after a blocked event loop do not count for the circuit", async (fault) => {
  const nats = await fault.nats();
  const service = await startWorker(fault, nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  expect(await bus.to(worker).echo({ text: "warm" }, { timeout: 5_000 })).toMatchObject({ status: "ok" });

  await service.stop();
  const calls = Array.from({ length: 20 }, () => bus.to(worker).echo({ text: "a" }, { timeout }));
  await leave();
  block(4 * timeout);
  expect(tally(await Promise.all(calls))).toEqual({ "timeout/maybe": 20 });
  await service.continue();

  await eventually(async () => (await countsOf(service)).expired > 0 || (await countsOf(service)).received > 1);
  // The circuit is closed, so the next call is sent.
  expect(await bus.to(worker).echo({ text: "after" }, { timeout: 5_000 })).toMatchObject({ status: "ok" });
});

/** Waits until what was published is written, at the end of a turn of the event loop. */
const leave = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
