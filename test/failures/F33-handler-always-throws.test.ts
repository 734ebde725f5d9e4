import { expect } from "vitest";
import { post } from "../services/post-contract.js";
import { failure } from "./support/failure.js";
import { Journal, receipts, Store, sender, startPost } from "./support/letters.js";
import { timed } from "./support/load.js";

const failing = Array.from({ length: 100 }, (_, n) => `fails ${n}`);
const others = Array.from({ length: 500 }, (_, n) => `letter ${n}`);

failure("F33", "letters whose handler always throws are dead after their tries, and no other waits", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  const journal = new Journal();
  await startPost(fault, nats, journal);
  const store = await Store.of(nats);
  await store.untilProvided();
  const bad = await Promise.all(failing.map((text) => bus.to(post).fail({ text }, { id: text.replace(" ", "-") })));
  const good = await Promise.all(others.map((text) => bus.to(post).send({ text })));
  expect(receipts([...bad, ...good])).toEqual({ stored: failing.length + others.length });
  const all = await timed(() => journal.untilHandled(others));
  fault.figure("until 500 letters are handled beside 100 that fail", all.ms);
  expect(all.ms).toBeLessThan(2_000);

  await store.untilCount("DEAD", failing.length);
  const tries = journal.of("failed");
  expect(tries).toHaveLength(2 * failing.length);
  for (const text of failing) {
    const own = tries.filter((entry) => entry.text === text);
    expect(own.map(({ attempt, id }) => `${id} ${attempt}`)).toEqual(
      [1, 2].map((n) => `${text.replace(" ", "-")} ${n}`),
    );
    const [first, second] = own.map(({ at }) => at) as [number, number];
    expect(second - first).toBeGreaterThanOrEqual(1_000); // The pause of the first level.
  }
  const dead = await store.dead();
  expect(new Set(dead.map(({ headers }) => /Muove-Id: (.*)\r/.exec(headers)?.[1]))).toEqual(
    new Set(failing.map((text) => text.replace(" ", "-"))),
  );
  for (const { subject, headers } of dead) {
    expect(subject).toBe("muove-mail.post.dead.fail");
    expect(headers).toMatch(/Muove-Dead: failed 2 0 \d+ \d+ \d+\r/);
    expect(decodeURIComponent(/Muove-Error: (.*)\r/.exec(headers)?.[1] ?? "")).toMatch(
      /^Error: fails \d+ cannot be handled$/,
    );
  }
  await store.untilCount("MAIL", 0);
});
