import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { failure } from "./support/failure.js";
import { Journal, Store, sender, startPost } from "./support/letters.js";

failure("F40", "a handler that takes longer than the server waits handles its letter once", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  const journal = new Journal();
  await startPost(fault, nats, journal);
  await startPost(fault, nats, journal); // Which would get it.
  expect(await bus.to(post).slow({ text: "long", ms: 9_000 })).toMatchObject({ status: "stored" });
  await journal.untilHandled(["long"]);
  await (await Store.of(nats)).untilCount("MAIL", 0);
  expect(journal.of("began")).toHaveLength(1);
});

failure("F40", "beyond its time a handler's signal aborts, and its letter is tried again", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  const journal = new Journal();
  await startPost(fault, nats, journal);
  const store = await Store.of(nats);
  await store.untilProvided();
  expect(await bus.to(post).brief({ text: "too long", ms: 60_000 })).toMatchObject({ status: "stored" });
  await store.untilCount("DEAD", 1);
  await eventually(() => journal.of("aborted").length === 2);
  const [first, aborted, second] = journal.entries;
  expect(journal.entries.map(({ what, attempt }) => `${what} ${attempt}`)).toEqual([
    "began 1",
    "aborted 1",
    "began 2",
    "aborted 2",
  ]);
  const took = (aborted?.at ?? 0) - (first?.at ?? 0);
  fault.figure("from the begin of a handler with 1,500 ms until its signal aborts", took);
  expect(took).toBeGreaterThanOrEqual(1_450);
  expect(took).toBeLessThan(2_500);
  expect((second?.at ?? 0) - (aborted?.at ?? 0)).toBeGreaterThanOrEqual(990);
  const [dead] = await store.dead();
  expect(decodeURIComponent(dead?.headers ?? "")).toContain("it took longer than 1500 ms");
});
