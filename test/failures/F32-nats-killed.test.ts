import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { failure } from "./support/failure.js";
import { Journal, missing, receipts, Store, sender, startPost, twice } from "./support/letters.js";
import { load, timed } from "./support/load.js";

failure("F32", "when NATS is killed under a flood of letters, every receipt was true", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  const journal = new Journal();
  await startPost(fault, nats, journal);
  await startPost(fault, nats, journal);
  const letters = load(64, async (n) => {
    const text = `letter ${n}`;
    return { text, receipt: await bus.to(post).send({ text }, { timeout: 2_000 }) };
  });
  await eventually(() => letters.done.length >= 1_000, { within: 20_000 });

  await nats.kill();
  await eventually(() => bus.status.connection.state === "down");
  await eventually(() => letters.done.some(({ receipt }) => receipt.status === "unavailable"), { within: 10_000 });
  await nats.start();
  const healed = await timed(() =>
    eventually(async () => (await bus.to(post).send({ text: "healed" })).status === "stored", { within: 20_000 }),
  );
  fault.figure("from NATS being back until a letter is stored", healed.ms);
  expect(healed.ms).toBeLessThan(5_000);
  const more = letters.done.length + 1_000;
  await eventually(() => letters.done.length >= more, { within: 20_000 });
  const sent = await letters.stop();

  const stored = sent.filter(({ receipt }) => receipt.status === "stored").map(({ text }) => text);
  const no = sent.filter(({ receipt: r }) => r.status !== "stored" && r.delivered === "no").map(({ text }) => text);
  fault.figure("letters stored around the kill", stored.length, "letters");
  await journal.untilHandled(stored, 20_000);
  await (await Store.of(nats)).untilCount("MAIL", 0);
  const { handled } = journal;
  expect(missing(stored, handled)).toEqual([]);
  expect(no.filter((text) => handled.has(text))).toEqual([]);
  // The store restarted: what was acknowledged in its last moment may come again, and what it forgot was sent again.
  fault.figure("of these, handled twice, as the store had restarted", twice(handled).length, "letters");
  expect(twice(handled).length).toBeLessThan(200);
  expect(receipts(sent.map(({ receipt }) => receipt)).stored).toBeGreaterThan(1_000);
});
