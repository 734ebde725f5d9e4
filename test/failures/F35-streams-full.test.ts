import { eventually } from "@muove/testkit";
import { cast, connect, mailbox } from "muove";
import { expect } from "vitest";
import { z } from "zod";
import { failure } from "./support/failure.js";
import { receipts, Store, sender } from "./support/letters.js";
import { typical } from "./support/load.js";

const mebibyte = 1_048_576;
const input = z.object({ n: z.int(), filling: z.string() });
const post = mailbox(
  "post",
  { send: cast({ input, durable: true }), fail: cast({ input, durable: { tries: 1 } }) },
  { mail: { maxBytes: mebibyte } },
);
const filling = "x".repeat(10_000);

failure(
  "F35",
  "a full stream refuses letters at once, drops none, and takes more when there is room",
  async (fault) => {
    const nats = await fault.nats({ jetStream: true });
    await using bus = await sender(nats);
    const stored: number[] = [];
    for (let n = 0; n < 200; n++) {
      const receipt = await bus.to(post).send({ n, filling });
      if (receipt.status === "stored") stored.push(n);
      else expect(receipt).toMatchObject({ reason: "overloaded", delivered: "no" });
    }
    expect(stored.length).toBeGreaterThan(90);
    expect(stored.length).toBeLessThan(110);
    const refused = await typical(21, () => bus.to(post).send({ n: -1, filling }));
    expect(refused.value).toMatchObject({ reason: "overloaded", delivered: "no" });
    fault.figure("until a letter is refused by a full stream", refused.ms);
    expect(refused.ms).toBeLessThan(50);
    expect(bus.status.counts.deadLetters).toBe(200 - stored.length + 21);

    const handled: number[] = [];
    await using owner = connect({ service: "post", servers: nats.url, logger: false });
    owner.serve(post, { send: ({ n }) => void handled.push(n), fail() {} });
    await eventually(() => handled.length === stored.length, { within: 10_000 });
    expect(handled.sort((a, b) => a - b)).toEqual(stored);
    const later = await Promise.all([200, 201].map((n) => bus.to(post).send({ n, filling })));
    expect(receipts(later)).toEqual({ stored: 2 });
    await eventually(() => handled.includes(201), { within: 10_000 });
  },
);

failure("F35", "a letter stays where it is while the stream of dead ones is full", async (fault) => {
  const nats = await fault.nats({ jetStream: true });
  await using bus = await sender(nats);
  await using owner = connect({ service: "post", servers: nats.url, logger: false });
  const failed: number[] = [];
  owner.serve(post, {
    send() {},
    fail({ n }) {
      failed.push(n);
      throw new Error("no");
    },
  });
  const store = await Store.of(nats);
  await store.untilProvided();
  for (let n = 0; n < 120; n++) {
    // The stream of dead letters takes 1 MiB, so some 100 of them.
    expect(await bus.to(post).fail({ n, filling }, { timeout: 5_000 })).toMatchObject({ status: "stored" });
    await eventually(() => failed.length === n + 1);
  }
  await eventually(() => owner.status.counts.lettersBuried > 90);
  const dead = await store.count("DEAD");
  expect(dead).toBeLessThan(110);
  expect(await store.count("MAIL")).toBe(120 - dead); // None is lost, and they come again after 30 s.
  expect(await bus.to(post).send({ n: 1, filling: "" })).toMatchObject({ status: "stored" });
});
