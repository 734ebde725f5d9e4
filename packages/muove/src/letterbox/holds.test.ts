import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ackWait } from "../letters/streams.js";
import type { Link } from "../link/index.js";
import { Holds } from "./holds.js";
import { type Delivered, Letter } from "./letter.js";

function holds() {
  const link = { publish: vi.fn((_subject: string, _payload: Buffer) => true) };
  const lost = vi.fn();
  const made = new Holds(link as unknown as Link, lost);
  onTestFinished(() => made.stop());
  const letter = (age = 0): Letter => {
    const figures = { stream: "S", consumer: "C", delivered: 1, sequence: 1, storedAt: 0, pending: 0 };
    const from = { msg: { headers: "" }, place: "d", message: "m", ackSubject: "ack", figures };
    const held = new Letter(from as unknown as Delivered, performance.now() - age, { ended: () => {} });
    made.add(held);
    return held;
  };
  return { holds: made, link, lost, letter };
}

describe("HOLDS-1", () => {
  test("the server is told of a letter that is held, before its time is half over", async () => {
    const { holds: made, link, lost, letter } = holds();
    const held = letter();
    await vi.waitFor(() => expect(link.publish).toHaveBeenCalledTimes(1), { timeout: 2_000 });
    expect(link.publish).toHaveBeenCalledWith("ack", Buffer.from("+WPI"));
    expect(performance.now() - held.knownAt).toBeLessThan(500);
    expect([made.holds(held), lost.mock.calls.length]).toEqual([true, 0]);
  });

  test("a letter that the server was not told of for its time is lost, once, and nothing more is said of it", async () => {
    const { holds: made, link, lost, letter } = holds();
    link.publish.mockReturnValue(false); // There is no connection.
    const told = vi.fn();
    const held = letter(ackWait - 600);
    held.begun({ lose: told });
    expect(made.holds(held)).toBe(true);
    await vi.waitFor(() => expect(lost).toHaveBeenCalledExactlyOnceWith(held), { timeout: 2_000 });
    expect(told).toHaveBeenCalledOnce();
    link.publish.mockClear();
    expect([made.holds(held), held.held, made.size]).toEqual([false, false, 0]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(link.publish).not.toHaveBeenCalled();
  });

  test("it is also known before the clock ticks", () => {
    const { holds: made, lost, letter } = holds();
    const held = letter(ackWait + 1);
    expect(held.held).toBe(false);
    expect(made.holds(held)).toBe(false);
    expect(lost).toHaveBeenCalledOnce();
  });

  test("nothing is said of a letter that is no longer held, nor after the end", async () => {
    const { holds: made, link, letter } = holds();
    made.delete(letter(2_000));
    const other = letter(2_000);
    made.stop();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(link.publish).not.toHaveBeenCalled();
    expect(made.holds(other)).toBe(true);
  });
});

describe("HOLDS-2", () => {
  test("a letter that is read after a stall was delivered before it, also if it is the first one", async () => {
    const { holds: made } = holds();
    await new Promise((resolve) => setTimeout(resolve, 900)); // Nothing is held, and the clock ticks.
    const before = performance.now();
    expect(before - made.deliveredAt).toBeLessThan(500);
    const read = new Promise<number>((resolve) => {
      setTimeout(() => setImmediate(() => resolve(made.deliveredAt)), 600);
    });
    while (performance.now() - before < 2_500);
    expect(await read).toBeLessThanOrEqual(before);
    await vi.waitFor(() => expect(made.deliveredAt).toBeGreaterThan(before + 2_400));
  });
});
