import { expect, test } from "vitest";
import { z } from "zod";
import { cast, connect, mailbox } from "../index.js";

const orders = mailbox("orders", { note: cast({ input: z.string(), whenUnreachable: { bufferFor: 60_000 } }) });

// Regression: casts by key had their own room with the same limit, so twice as many could wait.
test("WAITING-ROOM-1 casts to any instance and casts by key share one waiting room", async () => {
  // Nobody listens at port 1, so there is never a connection.
  const bus = connect({ service: "test", servers: "127.0.0.1:1", castBuffer: 2, logger: false });
  const [any, keyed] = [bus.to(orders), bus.to(orders, { key: "a" })];
  const receipts = [any.note("1"), keyed.note("2"), any.note("3"), keyed.note("4")];
  expect(receipts.map(({ status }) => status)).toEqual(["buffered", "buffered", "unsent", "unsent"]);
  await bus.close();
  expect(bus.status.counts.deadLetters).toBe(4);
});
