import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { failure } from "./support/failure.js";
import { Journal, receipts, sender, startPost, untilBegun } from "./support/letters.js";
import { timed } from "./support/load.js";

const texts = Array.from({ length: 40 }, (_, n) => `letter ${n}`);

/** How long the server waits for the holder of a letter, in ms. */
const ackWait = 4_000;

failure("F30", "when an owner is killed with letters in hand, another instance handles each", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  const journal = new Journal();
  const killed = await startPost(fault, nats, journal);
  // It takes as many as it has slots, and one more that waits in its hand.
  const sent = await Promise.all(texts.slice(0, 17).map((text) => bus.to(post).slow({ text, ms: 60_000 })));
  expect(receipts(sent)).toEqual({ stored: 17 });
  await untilBegun(journal, 16);

  await startPost(fault, nats, journal);
  await killed.kill();
  const takeover = await timed(() => untilBegun(journal, 16 + 16));
  fault.figure("from SIGKILL until another instance has begun with 16 letters in hand", takeover.ms);
  expect(takeover.ms).toBeLessThan(ackWait + 2_000);
  expect(
    journal
      .of("began")
      .slice(16)
      .every(({ attempt }) => attempt === 2),
  ).toBe(true); // A holder that is gone is a try.
});

failure("F30", "when the only owner is killed, its next start handles what it had in hand", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  const journal = new Journal();
  const killed = await startPost(fault, nats, journal);
  const sent = await Promise.all(texts.map((text) => bus.to(post).slow({ text, ms: 300 })));
  expect(receipts(sent)).toEqual({ stored: texts.length });
  await untilBegun(journal, 1);
  await killed.kill();
  const before = journal.of("handled").length;
  expect(before).toBeLessThan(texts.length);

  await startPost(fault, nats, journal);
  const all = await timed(() => journal.untilHandled(texts));
  fault.figure("from its next start until all letters are handled, of which it had 17 in hand", all.ms);
  expect(all.ms).toBeLessThan(ackWait + 2_000 + 1_500);
});
