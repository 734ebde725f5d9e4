import { eventually } from "@muove/testkit";
import { connect, type DeadLetter, TooLarge } from "muove";
import { expect } from "vitest";
import { worker } from "../services/contract.js";
import { connected } from "./support/bus.js";
import { failure } from "./support/failure.js";
import { countsOf, notesOf, startWorker, statusOf } from "./support/worker.js";

const limit = 100_000;
const config = { maxPayload: limit };

failure("F12", "the caller's own message over the limit throws before anything is sent", async (fault) => {
  const nats = await fault.nats({ config });
  const target = await startWorker(fault, nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const to = bus.to(worker);
  const text = "x".repeat(limit);

  expect(() => to.echo({ text })).toThrow(TooLarge);
  expect(() => to.echo({ text })).toThrow(/worker\.echo was not sent: .* allows 100000/);
  expect(() => to.note({ text })).toThrow(TooLarge);
  // A fallback does not hide it, as it is the caller's mistake.
  expect(() => to.echo({ text }).orElse({ text: "instead" })).toThrow(TooLarge);

  const fits = "x".repeat(limit - 500);
  expect(await to.echo({ text: fits }, { timeout: 5_000 })).toMatchObject({ status: "ok", value: { text: fits } });
  expect(await countsOf(target)).toMatchObject({ received: 1 });
});

failure("F12", "a reply over the limit is faulty/reply-too-large, and both connections stay", async (fault) => {
  const nats = await fault.nats({ config });
  const target = await startWorker(fault, nats);
  await using bus = connect({ service: "caller", servers: nats.url, logger: false });
  await connected(bus);
  const to = bus.to(worker);
  const since = [bus.status.connection.since, (await statusOf(target)).connection.since];

  const outcome = await to.large({ bytes: limit }, { timeout: 5_000 });
  expect(outcome).toMatchObject({ status: "faulty", reason: "reply-too-large", delivered: "yes" });
  expect(outcome).toHaveProperty("message", expect.stringContaining("allows 100000"));
  await eventually(() => /a reply exceeds the server's max_payload/.test(target.output));

  const fits = limit - 500;
  expect(await to.large({ bytes: fits }, { timeout: 5_000 })).toMatchObject({ status: "ok" });
  expect([bus.status.connection.since, (await statusOf(target)).connection.since]).toEqual(since);
});

failure(
  "F12",
  "a buffered cast that is too large for the server is a dead letter, and does not hold others up",
  async (fault) => {
    const nats = await fault.nats({ config, start: false });
    await using bus = connect({ service: "caller", servers: nats.url, logger: false });
    const dead: DeadLetter[] = [];
    bus.on("deadLetter", (letter) => dead.push(letter));
    const { note } = bus.to(worker);
    const whenUnreachable = { bufferFor: 60_000 };
    for (const text of ["x".repeat(limit), "fits"]) {
      expect(note({ text }, { whenUnreachable })).toEqual({ status: "buffered" });
    }

    await nats.start();
    const target = await startWorker(fault, nats);
    await eventually(async () => (await notesOf(target)).length > 0);
    expect(await notesOf(target)).toEqual(["fits"]);
    expect(dead).toMatchObject([{ input: { text: "x".repeat(limit) }, reason: "unreachable", delivered: "no" }]);
  },
);
