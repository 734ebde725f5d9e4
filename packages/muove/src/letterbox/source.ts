import { setImmediate } from "../base/timers.js";
import type { Arrival } from "./arrivals.js";
import type { Delivered, Letter } from "./letter.js";
import type { Patience, Pull, PullOwner } from "./pull.js";
import type { Slots } from "./slots.js";

/**
 * A request keeps slots from others, so it is soon over. It must also be over when the server takes the letters of an
 * instance that hangs away from it, or they would be delivered there again: `ack_wait` after the last sign of life, which
 * is up to 1.7 s before it hung.
 */
export const sourcePatience: Patience = { expires: 2_000, heartbeat: 1_000 };

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
 *   each, which is not for long while none come.
 * SOURCE-2 A slot is kept only for a letter that is asked for: none when the request is over, whatever ended it.
 * SOURCE-3 From `start()` on a request is out, or will be when a slot is free, until it is stopped or its consumer is gone.
 */
export class Source implements Arrival, PullOwner {
  readonly #slots: Slots;
  readonly #keeper: SourceKeeper;
  readonly #pull: Pull;
  /** How many slots are kept for letters that are asked for. */
  #reserved = 0;
  #inHand: Letter | undefined;
  /** Whether letters came lately. */
  #busy = false;
  /** Whether letters came since nothing was asked for. */
  #came = false;
  #asking = false;
  #stopped = true;

  constructor(slots: Slots, keeper: SourceKeeper, pull: (owner: PullOwner) => Pull) {
    this.#slots = slots;
    this.#keeper = keeper;
    this.#pull = pull(this);
  }

  /** Whether letters came lately, so that slots are kept for more of them. */
  get busy(): boolean {
    return this.#busy;
  }

  /** How many letters wait here. */
  get waiting(): number {
    return this.#inHand === undefined ? 0 : 1;
  }

  /** Asks for letters, unless it does already. */
  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
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
    this.#busy = true;
    this.#came = true;
    const letter = this.#keeper.accept(delivered);
    if (letter !== undefined) this.#keep(letter);
    this.#pull.delivered();
  }

  told(request: number, status: string, left: number): void {
    this.#pull.told(request, status, left);
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

  ended(): void {
    const { outstanding } = this.#pull;
    if (outstanding === 0) {
      this.#busy = this.#came;
      this.#came = false;
    }
    this.#release(Math.max(0, this.#reserved - outstanding)); // SOURCE-2
    this.#ask();
  }

  gone(why: string): void {
    this.pause();
    this.#keeper.gone(why);
  }

  #keep(letter: Letter): void {
    if (this.#reserved > 0) {
      this.#reserved--;
      this.#slots.beginKept(letter);
    } else if (this.#slots.free > 0) this.#slots.begin(letter);
    else if (this.#inHand === undefined) this.#inHand = letter;
    else this.#keeper.giveBack(letter); // Of a request that was given up.
  }

  /** Asks when the loop has turned: by then, handlers that need not wait are done, and many slots are one request. */
  #ask(): void {
    if (this.#asking || this.#stopped || this.#inHand !== undefined) return;
    this.#asking = true;
    setImmediate(this.#askNow);
  }

  // SOURCE-1
  readonly #askNow = (): void => {
    this.#asking = false;
    if (this.#stopped || this.#inHand !== undefined) return;
    const { outstanding } = this.#pull;
    const { free, ready, share } = this.#slots;
    if (this.#busy && share > 0 && outstanding <= share) return this.#askFor(share);
    if (outstanding > 0) return;
    if (free > 0 || ready === 0) this.#pull.ask(1); // Else `look()` follows, when one of those that are ready is done.
  };

  #askFor(letters: number): void {
    this.#reserved += letters;
    this.#slots.reserve(letters);
    if (!this.#pull.ask(letters)) this.#release(letters);
  }

  #release(slots: number): void {
    if (slots === 0) return;
    this.#reserved -= slots;
    this.#slots.release(slots);
  }
}
