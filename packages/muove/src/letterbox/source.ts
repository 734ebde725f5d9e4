import type { Arrival } from "./arrivals.js";
import type { Delivered, Letter } from "./letter.js";
import type { Patience, Pull, PullOwner } from "./pull.js";
import type { Slots } from "./slots.js";

/**
 * A request must be over when the server takes the letters of an instance that hangs away from it, or they would be
 * delivered there again: `ack_wait` after the last sign of life, which is up to 1.7 s before it hung.
 */
export const sourcePatience: Patience = { expires: 2_000 };

/** What a source needs from its letterbox. */
export interface SourceKeeper {
  /** A letter from its delivery; `undefined` if it is not to be handled here. */
  accept(delivered: Delivered): Letter | undefined;
  /** There is no room for a letter. */
  giveBack(letter: Letter): void;
  /** The consumer is gone, or does not answer. */
  gone(why: string): void;
}

/**
 * The letters of one message.
 *
 * SOURCE-1 At most one letter waits here for a slot. Letters beyond that are asked for only where a slot is kept for
 *   each, and only while letters are known to wait.
 * SOURCE-2 A slot is kept only for a letter that is asked for: none when the request is over, whatever ended it.
 * SOURCE-3 From `start()` on a request is out, or a letter waits here, until it is stopped or its consumer is gone.
 */
export class Source implements Arrival, PullOwner {
  readonly #slots: Slots;
  readonly #keeper: SourceKeeper;
  readonly #pull: Pull;
  /** How many slots are kept for letters that are asked for. */
  #reserved = 0;
  #inHand: Letter | undefined;
  /** How many letters waited at the server when it last said so. */
  #pending = 0;
  #stopped = true;

  constructor(slots: Slots, keeper: SourceKeeper, pull: (owner: PullOwner) => Pull) {
    this.#slots = slots;
    this.#keeper = keeper;
    this.#pull = pull(this);
  }

  /** Whether a letter waits here. */
  get waiting(): number {
    return this.#inHand === undefined ? 0 : 1;
  }

  /** Asks for letters, unless it does already. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#pending = 0;
    this.#ask();
  }

  /** Asks for no more, and returns the letter that waits here. */
  stop(): Letter | undefined {
    this.pause();
    const letter = this.#inHand;
    this.#inHand = undefined;
    return letter;
  }

  /** Asks for no more until it is started again. The letter that waits here still does. */
  pause(): void {
    this.#stopped = true;
    this.#pull.reset();
    this.#release(this.#reserved);
  }

  /** The letter that waits here is somebody else's by now. */
  lost(letter: Letter): void {
    if (this.#inHand !== letter) return;
    this.#inHand = undefined;
    this.#ask();
  }

  take(delivered: Delivered): void {
    this.#pending = delivered.figures.pending;
    if (this.#reserved > 0) this.#release(1);
    const letter = this.#keeper.accept(delivered);
    if (letter !== undefined) this.#keep(letter);
    this.#pull.delivered();
  }

  told(request: string, status: string): void {
    this.#pull.told(request, status);
  }

  /** There may be a free slot. */
  look(): void {
    if (this.#inHand !== undefined && this.#slots.free > 0) {
      const letter = this.#inHand;
      this.#inHand = undefined;
      this.#slots.begin(letter);
    }
    this.#ask();
  }

  ended(why: "filled" | "empty" | "over"): void {
    this.#release(this.#reserved);
    if (why !== "filled") this.#pending = 0;
    this.#ask();
  }

  gone(why: string): void {
    this.pause();
    this.#keeper.gone(why);
  }

  #keep(letter: Letter): void {
    if (this.#slots.free > 0) this.#slots.begin(letter);
    else if (this.#inHand === undefined) this.#inHand = letter;
    else this.#keeper.giveBack(letter); // Of a request that was given up.
  }

  // SOURCE-1
  #ask(): void {
    if (this.#stopped || this.#pull.outstanding > 0 || this.#inHand !== undefined) return;
    const { free } = this.#slots;
    if (this.#pending === 0 || free === 0) return void this.#pull.ask(1, "coming");
    const batch = Math.min(free, this.#pending);
    this.#reserved = batch;
    this.#slots.reserve(batch);
    if (!this.#pull.ask(batch, "waiting")) this.#release(batch);
  }

  #release(slots: number): void {
    this.#reserved -= slots;
    this.#slots.release(slots);
  }
}
