import { describe, expect, test, vi } from "vitest";
import type { Delivered, Letter } from "./letter.js";
import type { Pull, PullOwner } from "./pull.js";
import type { Slots } from "./slots.js";
import { Source } from "./source.js";

/** Slots that count what is kept and what begins. */
class FakeSlots {
  reserved = 0;
  readonly begun: Letter[] = [];
  readonly #concurrency: number;
  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }
  get free(): number {
    return Math.max(0, this.#concurrency - this.reserved - this.begun.length);
  }
  reserve(slots: number): void {
    this.reserved += slots;
  }
  release(slots: number): void {
    this.reserved -= slots;
  }
  begin(letter: Letter): void {
    this.begun.push(letter);
  }
}

class FakePull {
  outstanding = 0;
  up = true;
  readonly asked: string[] = [];
  owner: PullOwner | undefined;
  ask(batch: number, only: string): boolean {
    if (this.up) this.asked.push(`${batch} ${only}`);
    if (this.up) this.outstanding = batch;
    return this.up;
  }
  delivered(): void {
    if (this.outstanding === 0) return;
    this.outstanding--;
    if (this.outstanding === 0) this.owner?.ended("filled");
  }
  told(_request: string, _status: string): void {}
  reset(): void {
    this.outstanding = 0;
  }
  end(why: "empty" | "over"): void {
    this.outstanding = 0;
    this.owner?.ended(why);
  }
}

function source(concurrency: number) {
  const slots = new FakeSlots(concurrency);
  const pull = new FakePull();
  const keeper = { accept: (delivered: Delivered) => delivered as unknown as Letter, giveBack: vi.fn(), gone: vi.fn() };
  const made = new Source(slots as unknown as Slots, keeper, (owner) => {
    pull.owner = owner;
    return pull as unknown as Pull;
  });
  const take = (pending: number): Delivered => {
    const delivered = { figures: { pending } } as Delivered;
    made.take(delivered);
    return delivered;
  };
  return { source: made, slots, pull, keeper, take };
}

describe("SOURCE-1", () => {
  test("only one letter is asked for while none is known to wait, or no slot is free", () => {
    const { source: made, pull, take } = source(2);
    made.start();
    take(0);
    take(5);
    expect(pull.asked).toEqual(["1 coming", "1 coming", "1 coming"]);
  });

  test("one waits here when no slot is free, and begins when one is", () => {
    const { source: made, slots, pull, take } = source(1);
    made.start();
    take(9);
    const second = take(8);
    expect([slots.begun.length, made.waiting, pull.outstanding]).toEqual([1, 1, 0]);
    slots.begun.pop();
    made.look();
    expect(slots.begun).toEqual([second]);
    expect([made.waiting, pull.outstanding]).toEqual([0, 1]);
  });

  test("where slots are free and letters wait, a slot is kept for each that is asked for", () => {
    const { source: made, slots, pull, take } = source(8);
    made.start();
    take(3);
    expect(pull.asked).toEqual(["1 coming", "3 waiting"]);
    expect([slots.reserved, slots.free]).toEqual([3, 4]);
    take(2);
    expect([slots.reserved, slots.free]).toEqual([2, 4]);
  });

  test("a letter of a request that was given up, for which there is no room, is given back", () => {
    const { source: made, keeper, take } = source(1);
    made.start();
    take(0);
    take(0);
    const third = take(0);
    expect(keeper.giveBack).toHaveBeenCalledExactlyOnceWith(third);
  });
});

describe("SOURCE-2 no slot is kept when a request is over", () => {
  const endings: Record<string, (made: ReturnType<typeof source>) => void> = {
    "because no more wait": ({ pull }) => pull.end("empty"),
    "because its time is over": ({ pull }) => pull.end("over"),
    "because its consumer is gone": ({ pull }) => pull.owner?.gone("409 Consumer Deleted"),
    "because the connection ended": ({ source }) => source.pause(),
    "because the connection moved": ({ source }) => [source.pause(), source.start()],
    "because it was stopped": ({ source }) => source.stop(),
    "because all came": ({ take }) => [take(1), take(0)],
  };

  test.each(Object.entries(endings))("%s", (_, end) => {
    const made = source(16);
    made.source.start();
    made.take(2);
    expect(made.slots.reserved).toBe(2);
    end(made);
    expect(made.slots.reserved).toBe(0);
    expect(made.slots.free).toBe(16 - made.slots.begun.length);
  });

  test("nor when it could not even be sent", () => {
    const { source: made, slots, pull, take } = source(4);
    made.start();
    pull.up = false;
    take(3);
    expect(slots.reserved).toBe(0);
  });

  test("started twice, it asks once", () => {
    const { source: made, slots, pull, take } = source(4);
    made.start();
    take(2);
    made.start();
    expect(pull.asked).toHaveLength(2);
    expect(slots.reserved).toBe(2);
  });
});

describe("SOURCE-3", () => {
  test("a request is out, or a letter waits here, whatever ended the last one", () => {
    const { source: made, pull, take } = source(1);
    const waits = () => pull.outstanding > 0 || made.waiting > 0;
    made.start();
    for (const why of ["empty", "over", "over"] as const) {
      pull.end(why);
      expect(waits()).toBe(true);
    }
    take(3);
    expect(waits()).toBe(true);
    const inHand = take(2);
    made.lost(inHand as unknown as Letter);
    expect([made.waiting, pull.outstanding]).toEqual([0, 1]);
  });

  test("after a request that the server ended early it waits, and does not ask again and again", () => {
    const { source: made, pull, take } = source(8);
    made.start();
    take(5);
    pull.end("over");
    expect(pull.asked).toEqual(["1 coming", "5 waiting", "1 coming"]);
  });

  test("once its consumer is gone it asks for nothing until it is started again", () => {
    const { source: made, pull, keeper } = source(8);
    made.start();
    pull.reset();
    pull.owner?.gone("409 Consumer Deleted");
    expect(keeper.gone).toHaveBeenCalledExactlyOnceWith("409 Consumer Deleted");
    made.look();
    made.look();
    expect(pull.asked).toHaveLength(1);
    made.start();
    expect(pull.asked).toHaveLength(2);
  });

  test("a letter that waits here outlives the connection, and is returned when it is stopped", () => {
    const { source: made, pull, take } = source(1);
    made.start();
    take(1);
    const inHand = take(0);
    made.pause();
    expect(made.waiting).toBe(1);
    made.start();
    expect([made.waiting, pull.outstanding]).toEqual([1, 0]);
    expect(made.stop()).toBe(inHand);
    expect(made.waiting).toBe(0);
  });
});
