import { cast, mailbox } from "@muove/contract";
import { describe, expect, test, vi } from "vitest";
import type { LetterReceipt } from "../letters/receipt.js";
import type { StoreQueue } from "../letters/store-queue.js";
import type { StoredMessage } from "../letters/storing.js";
import { type MailPlan, mailPlan } from "../letters/streams.js";
import { headerIn } from "../wire/headers.js";
import { Copies } from "./copies.js";
import { type Delivered, Letter } from "./letter.js";

const plan = mailPlan(undefined, mailbox("post", { send: cast({ durable: true }) })) as MailPlan;
const trail = { failures: 1, moves: 2, revivals: 0, sentAt: 4, firstTriedAt: 5, dueAt: 6 };
const stored: LetterReceipt = { status: "stored", id: "a", duplicate: false };
const unavailable = (reason: string, delivered: string) =>
  ({ status: "unavailable", reason, delivered }) as LetterReceipt;

function copies(...receipts: readonly LetterReceipt[]) {
  const left = [...receipts];
  const store = vi.fn(
    (_message: StoredMessage, _timeout: number, _signals, _ensure, ended: (r: LetterReceipt) => void) =>
      ended(left.shift() ?? stored),
  );
  const made = new Copies({ storeQueue: { store } as unknown as StoreQueue, stores: {} as never }, plan);
  const headers = "NATS/1.0\r\nMuove-Id: a\r\nNats-Msg-Id: send/a\r\nMuove-Meta: m\r\ntraceparent: t\r\n\r\n";
  const at = { storedAt: 1, stored: "1700000000123456789" };
  const figures = { stream: "S", consumer: "send", delivered: 1, sequence: 9, ...at, pending: 0 };
  const from = { msg: { headers, data: Buffer.from("abc") }, place: "d", message: "send", ackSubject: "ack", figures };
  const letter = new Letter(from as unknown as Delivered, performance.now(), { ended: () => {} });
  const sent = () => store.mock.calls.map(([message]) => message);
  return { copies: made, letter, store, sent };
}

describe("COPIES-1 a copy carries all that the letter carries, under an id of its own", () => {
  test("when it is moved", async () => {
    const { copies: made, letter, sent } = copies();
    expect(await made.move(letter, plan.names.again("send"), trail)).toBe(true);
    const [{ subject, stream, payload, headers, id } = {} as StoredMessage] = sent();
    expect([subject, stream, id, `${payload}`]).toEqual([
      "muove-mail.post.again.send",
      plan.names.stream,
      "a",
      `${Buffer.from("abc")}`,
    ]);
    expect(headerIn(headers, "Muove-Id")).toBe("a");
    expect(headerIn(headers, "Nats-Msg-Id")).toBe("send/a/r0/p1/1700000000123456789");
    expect(headerIn(headers, "Nats-Expected-Stream")).toBe(plan.names.stream);
    expect(headers).toContain("Muove-Meta: m\r\ntraceparent: t\r\n\r\n");
    expect(headers.match(/Nats-Msg-Id/g)).toHaveLength(1);
  });

  test("when it is buried", async () => {
    const { copies: made, letter, sent } = copies();
    expect(await made.bury(letter, { reason: "failed", error: "Error: é", tries: 5, diedAt: 9 })).toBe(true);
    const [{ subject, stream, headers } = {} as StoredMessage] = sent();
    expect([subject, stream]).toEqual(["muove-mail.post.dead.send", plan.names.deadStream]);
    expect(headerIn(headers, "Muove-Dead")).toBe("failed 5 0 1 9 9");
    expect(headerIn(headers, "Muove-Error")).toBe("Error%3A%20%C3%A9");
    expect(headers).toContain("Muove-Meta: m\r\n");
  });

  test("and made twice it is the same", async () => {
    const { copies: made, letter, sent } = copies();
    await made.move(letter, plan.names.again("send"), trail);
    await made.move(letter, plan.names.again("send"), trail);
    expect(sent()[0]).toEqual(sent()[1]);
  });
});

describe("COPIES-2", () => {
  test("it may take no longer than the letter is held, less half a second", async () => {
    const { copies: made, letter, store } = copies();
    letter.knownAt -= 1_000;
    await made.move(letter, "s", trail);
    const [, timeout = 0] = store.mock.calls[0] ?? [];
    expect(timeout).toBeLessThanOrEqual(2_500);
    expect(timeout).toBeGreaterThan(2_300);
    expect(timeout % 100).toBe(0);
  });

  test("while nobody knows whether it is stored, it is made again, under the same id", async () => {
    const { copies: made, letter, sent } = copies(unavailable("timeout", "maybe"), unavailable("timeout", "maybe"));
    expect(await made.move(letter, "s", trail)).toBe(true);
    expect(sent()).toHaveLength(3);
    expect(sent()[2]).toEqual(sent()[0]);
  });

  test("but not for longer than the letter is held", async () => {
    const { copies: made, letter, sent } = copies(unavailable("timeout", "maybe"), unavailable("timeout", "maybe"));
    letter.knownAt -= 3_400;
    expect(await made.move(letter, "s", trail)).toBe(false);
    expect(sent()).toHaveLength(1);
  });

  test.each([
    ["overloaded", "no"],
    ["no-store", "no"],
    ["timeout", "no"],
    ["unreachable", "maybe"],
  ])("and not when it is %s/%s", async (reason, delivered) => {
    const { copies: made, letter, sent } = copies(unavailable(reason, delivered));
    expect(await made.move(letter, "s", trail)).toBe(false);
    expect(sent()).toHaveLength(1);
  });
});
