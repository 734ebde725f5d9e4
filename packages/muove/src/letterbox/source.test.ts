import { describe, expect, test, vi } from "vitest";
import type { Delivered, Letter } from "./letter.js";
import type { Pull, PullOwner } from "./pull.js";
import type { Slots } from "./slots.js";
import { Source } from "./source.js";

/** Slots that count what is kept and what begins. */
class FakeSlots {
  reserved = 0;
  ready = 0;
  readonly begun: Letter[] = [];
  readonly #concurrency: number;
  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }
  get free(): number {
    return Math.max(0, this.#concurrency - this.reserved - this.begun.length);
  }
  get share(): number {
    return this.free;
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
  beginKept(letter: Letter): void {
    this.reserved--;
    this.begun.push(letter);
  }
}

class FakePull {
  outstanding = 0;
  up = true;
  readonly asked: number[] = [];
  owner: PullOwner | undefined;
  ask(batch: number): boolean {
    if (!this.up) return false;
    this.asked.push(batch);
    this.outstanding += batch;
    return true;
  }
  delivered(): void {
    if (this.outstanding > 0) this.over(1);
  }
  over(letters = this.outstanding): void {
    this.outstanding -= letters;
    this.owner?.ended();
  }
  told(): void {}
  reset(): void {
    this.outstanding = 0;
  }
}

/** It asks when the loop has turned. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

function source(concurrency: number) {
  const slots = new FakeSlots(concurrency);
  const pull = new FakePull();
  const keeper = { accept: (delivered: Delivered) => delivered as unknown as Letter, giveBack: vi.fn(), gone: vi.fn() };
  const made = new Source(slots as unknown as Slots, keeper, (owner) => {
    pull.owner = owner;
    return pull as unknown as Pull;
  });
  const take = (): Letter => {
    const delivered = {} as Delivered;
    made.take(delivered);
    return delivered as unknown as Letter;
  };
  const started = async () => {
    made.start();
    await turn();
  };
  return { source: made, slots, pull, keeper, take, started };
}

describe("SOURCE-1", () => {
  test("one letter is asked for while none come", async () => {
    const { pull, slots, started } = source(8);
    await started();
    for (let n = 0; n < 3; n++) {
      pull.over();
      await turn();
    }
    expect(pull.asked).toEqual([1, 1, 1, 1]);
    expect(slots.reserved).toBe(0);
  });

  test("once letters come, a slot is kept for each that is asked for, and not for long when none come", async () => {
    const { slots, pull, take, started } = source(8);
    await started();
    take();
    await turn();
    expect([pull.asked, slots.reserved, slots.free]).toEqual([[1, 7], 7, 0]);
    take();
    expect([slots.reserved, slots.begun.length]).toEqual([6, 2]);
    for (let n = 0; n < 2; n++) {
      pull.over();
      await turn();
    }
    expect([pull.outstanding, slots.reserved]).toEqual([1, 0]);
  });

  test("one waits here when no slot is free, and begins when one is", async () => {
    const { source: made, slots, pull, take, started } = source(1);
    await started();
    take();
    await turn();
    const second = take();
    await turn();
    expect([slots.begun.length, made.waiting, pull.outstanding]).toEqual([1, 1, 0]);
    slots.begun.pop();
    made.look();
    expect([slots.begun, made.waiting]).toEqual([[second], 0]);
  });

  test("a letter of a request that was given up, for which there is no room, is given back", async () => {
    const { keeper, take, started } = source(1);
    await started();
    take();
    take();
    const third = take();
    expect(keeper.giveBack).toHaveBeenCalledExactlyOnceWith(third);
  });
});

describe("SOURCE-2 no slot is kept when a request is over", () => {
  const endings: Record<string, (made: ReturnType<typeof source>) => void> = {
    "because its time is over": ({ pull }) => pull.over(),
    "because its consumer is gone": ({ pull }) => pull.owner?.gone("409 Consumer Deleted"),
    "because the connection ended": ({ source }) => source.pause(),
    "because the connection moved": ({ source }) => [source.pause(), source.start()],
    "because it was stopped": ({ source }) => source.stop(),
    "because all came": ({ pull, take }) => [...Array(pull.outstanding)].map(() => take()),
  };

  test.each(Object.entries(endings))("%s", async (_, end) => {
    const made = source(16);
    await made.started();
    made.take();
    await turn();
    expect(made.slots.reserved).toBe(15);
    end(made);
    expect(made.slots.reserved).toBe(0);
    expect(made.slots.free).toBe(16 - made.slots.begun.length);
  });

  test("and as many as are left while others are out", async () => {
    const { slots, pull, take, started } = source(4);
    await started();
    take();
    await turn();
    pull.over(1);
    expect(slots.reserved).toBe(2);
  });

  test("nor when it could not even be sent", async () => {
    const { slots, pull, take, started } = source(4);
    await started();
    pull.up = false;
    take();
    await turn();
    expect(slots.reserved).toBe(0);
  });

  test("started twice, it asks once", async () => {
    const { source: made, pull, started } = source(4);
    await started();
    made.start();
    await turn();
    expect(pull.asked).toEqual([1]);
  });
});

describe("SOURCE-3", () => {
  test("where a slot is free for the first letter of each other message, the last ones are filled one by one", async () => {
    const { slots, pull, take, started } = source(4);
    vi.spyOn(slots, "share", "get").mockReturnValue(0);
    await started();
    for (let n = 1; n <= 4; n++) {
      expect(pull.outstanding).toBe(1);
      take();
      slots.ready = n; // They have begun, and take long.
      await turn();
    }
    expect([slots.begun.length, slots.free, pull.outstanding]).toEqual([4, 0, 0]);
  });

  test("a request is out, or a letter waits here, whatever ended the last one", async () => {
    const { source: made, pull, take, started } = source(1);
    const waits = () => pull.outstanding > 0 || made.waiting > 0;
    await started();
    pull.over();
    await turn();
    expect(waits()).toBe(true);
    take();
    await turn();
    expect(waits()).toBe(true);
    const inHand = take();
    expect(waits()).toBe(true);
    made.lost(inHand);
    await turn();
    expect([made.waiting, pull.outstanding]).toEqual([0, 1]);
  });

  test("once its consumer is gone it asks for nothing until it is started again", async () => {
    const { source: made, pull, keeper, started } = source(8);
    await started();
    pull.owner?.gone("409 Consumer Deleted");
    expect(keeper.gone).toHaveBeenCalledExactlyOnceWith("409 Consumer Deleted");
    made.look();
    await turn();
    expect(pull.asked).toHaveLength(1);
    made.start();
    await turn();
    expect(pull.asked).toHaveLength(2);
  });

  test("a letter that waits here outlives the connection, and is returned when it is stopped", async () => {
    const { source: made, pull, take, started } = source(1);
    await started();
    take();
    await turn();
    const inHand = take();
    made.pause();
    expect(made.waiting).toBe(1);
    await started();
    expect([made.waiting, pull.outstanding]).toEqual([1, 0]);
    expect(made.stop()).toBe(inHand);
    expect(made.waiting).toBe(0);
  });
});
