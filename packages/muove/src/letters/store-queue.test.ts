import { expect, test, vi } from "vitest";
import { Deadlines } from "../base/deadlines.js";
import { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import { StoreQueue } from "./store-queue.js";

function queue() {
  const link = { up: true, serverVersion: "2.10.0", subscribe: () => ({}), publish: vi.fn(() => true) };
  const inbox = new Inbox(link as unknown as Link, "_INBOX_test.1");
  const made = new StoreQueue({ link: link as unknown as Link, inbox, deadlines: new Deadlines() });
  const ended = vi.fn();
  const store = (bytes = 0): void => {
    const message = { address: "a.b", id: "a", subject: "s", stream: "S", headers: "", payload: new Uint8Array(bytes) };
    made.store(message, 60_000, [], async () => ({ kind: "later" }), ended);
  };
  return { queue: made, link, ended, store };
}

test("STORE-QUEUE-1 it is full with 16,384 letters or 64 MiB, and empty when they have ended", async () => {
  const { queue: many, store, ended } = queue();
  for (let n = 0; n < 16_383; n++) store();
  expect(many.full).toBe(false);
  store();
  expect(many.full).toBe(true);
  const idle = many.idle();
  many.close();
  await idle;
  expect(ended).toHaveBeenCalledTimes(16_384);
  expect([many.full, many.size]).toEqual([false, 0]);

  const { queue: large, store: storeLarge } = queue();
  for (let n = 0; n < 63; n++) storeLarge(1_048_576);
  expect(large.full).toBe(false);
  storeLarge(1_048_576);
  expect(large.full).toBe(true);
  large.close();
  expect(large.full).toBe(false);
});

test("STORE-QUEUE-2 after a stall of this process its answers are read before anything is sent again", async () => {
  const { queue: made, link, store, ended } = queue();
  store();
  // What lies in the socket is read between the timers and the immediates of a turn. This timer comes after the queue's.
  const sent = new Promise<number>((resolve) => setTimeout(() => resolve(link.publish.mock.calls.length), 150));
  const stalled = performance.now();
  while (performance.now() - stalled < 1_200); // Longer than a stream may take to answer.
  expect(await sent).toBe(1);
  await vi.waitFor(() => expect(link.publish).toHaveBeenCalledTimes(2));
  made.close();
  expect(ended).toHaveBeenCalledOnce();
});
