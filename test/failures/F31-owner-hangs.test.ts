import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { failure } from "./support/failure.js";
import { Journal, receipts, Store, sender, startPost, untilBegun } from "./support/letters.js";
import { timed } from "./support/load.js";
import { countsOf } from "./support/worker.js";

const texts = Array.from({ length: 16 }, (_, n) => `letter ${n}`);
const ackWait = 4_000;

failure("F31", "others take over from an owner that hangs, and what it says later does no harm", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  const journal = new Journal();
  const hanging = await startPost(fault, nats, journal);
  const sent = await Promise.all(texts.map((text) => bus.to(post).slow({ text, ms: 5_000 })));
  expect(receipts(sent)).toEqual({ stored: texts.length });
  await untilBegun(journal, 16);
  const other = await startPost(fault, nats, journal);

  await hanging.stop();
  const takeover = await timed(() => untilBegun(journal, 32));
  fault.figure("from SIGSTOP until another instance has begun with 16 letters in hand", takeover.ms);
  expect(takeover.ms).toBeLessThan(ackWait + 2_000);

  await hanging.continue();
  // The handlers of the one that hung are told, or were done in the same moment.
  await eventually(() => journal.of("aborted").length + journal.of("handled").length >= 16, { within: 5_000 });
  await journal.untilHandled(texts);
  await (await Store.of(nats)).untilCount("MAIL", 0);
  expect(journal.of("began")).toHaveLength(32); // No third delivery.
  const counts = await Promise.all([hanging, other].map(countsOf));
  expect(counts.map(({ lettersPutAside, lettersBuried }) => lettersPutAside + lettersBuried)).toEqual([0, 0]);
  expect(counts[0]?.lettersLost).toBeGreaterThan(0);
});
