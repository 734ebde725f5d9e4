import { eventually } from "@muove/testkit";
import { connect, type DeadLetter } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { notesOf, startWorker } from "./support/worker.js";

failure("F15", "a cast to an absent mailbox is a dead letter with its input, and counted", async ({ nats, figure }) => {
  const { url } = await nats();
  await using bus = connect({ service: "sender", servers: url, logger: false });
  const letters: DeadLetter[] = [];
  bus.on("deadLetter", (letter) => letters.push(letter));
  await connected(bus);
  bus.to(worker).note({ text: "warm" });
  await eventually(() => letters.length === 1);

  const start = performance.now();
  expect(bus.to(worker).note({ text: "hello" })).toEqual({ status: "sent" });
  await eventually(() => letters.length === 2);
  figure("until the dead letter", performance.now() - start);

  expect(letters[1]).toEqual({
    kind: "cast",
    mailbox: "worker",
    message: "note",
    address: "worker.note",
    input: { text: "hello" },
    reason: "absent",
    delivered: "no",
  });
  expect(performance.now() - start).toBeLessThan(500);
  expect(bus.status.counts.deadLetters).toBe(2);
  expect(bus.status.pending).toBe(0);
});

failure(
  "F15",
  "each of a thousand casts is handled or a dead letter when the target is killed halfway",
  async (fault) => {
    const nats = await fault.nats();
    const service = await startWorker(fault, nats);
    await using bus = connect({ service: "sender", servers: nats.url, logger: false });
    const letters: unknown[] = [];
    bus.on("deadLetter", ({ input }) => letters.push(input));
    await connected(bus);
    const send = (from: number): void => {
      for (let i = from; i < from + 500; i++) bus.to(worker).note({ text: String(i) });
    };

    send(0);
    await eventually(async () => (await notesOf(service)).length === 500);
    await service.kill();
    await eventually(async () => (await bus.to(worker).echo({ text: "a" })).status !== "ok");
    send(500);

    await eventually(() => letters.length === 500);
    expect(letters).toEqual(Array.from({ length: 500 }, (_, i) => ({ text: String(500 + i) })));
  },
);
