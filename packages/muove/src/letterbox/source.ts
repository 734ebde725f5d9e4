import type { Link } from "../link/index.js";
import type { Letter } from "./letter.js";
import { Pull, type PullOwner } from "./pull.js";

/** What a source needs from its letterbox. */
export interface SourceKeeper {
  /** How many handlers could begin now. */
  readonly free: number;
  /** Keeps that many of them for letters that are asked for. */
  reserve(slots: number): void;
  release(slots: number): void;
  /** Hands a letter over, to be begun at once. */
  begin(letter: Letter): void;
  /** The consumer of this source is gone, or does not answer. */
  gone(why: string): void;
}

/**
 * The letters of one message.
 *
 * SOURCE-1 At most one letter waits here for a slot. Letters beyond that are asked for only where a slot is kept for
 *   each, and only while letters are known to wait.
 */
export class Source implements PullOwner {
  readonly #keeper: SourceKeeper;
  readonly #pull: Pull;
  /** How many slots are kept for letters that are asked for. */
  #reserved = 0;
  #inHand: Letter | undefined;
  /** How many letters waited at the server when it last said so. */
  #pending = 0;
  #stopped = true;

  /** @param subject of requests. @param inbox the subject for answers. */
  constructor(link: Link, subject: string, inbox: string, keeper: SourceKeeper) {
    this.#keeper = keeper;
    this.#pull = new Pull(link, subject, inbox, this);
  }

  /** Whether a letter waits here. */
  get waiting(): number {
    return this.#inHand === undefined ? 0 : 1;
  }

  start(): void {
    this.#stopped = false;
    this.#pull.reset();
    this.#ask();
  }

  /** Asks for no more, and returns the letter that waits here. */
  stop(): Letter | undefined {
    this.#stopped = true;
    this.#pull.reset();
    this.#releaseAll();
    const letter = this.#inHand;
    this.#inHand = undefined;
    return letter;
  }

  /** The letter that waits here is somebody else's by now. */
  lost(letter: Letter): void {
    if (this.#inHand !== letter) return;
    this.#inHand = undefined;
    this.#ask();
  }

  /** A letter came. False: there is no room for it. */
  take(letter: Letter): boolean {
    this.#came(letter);
    const begins = this.#keeper.free > 0;
    if (begins) this.#keeper.begin(letter);
    else if (this.#inHand === undefined) this.#inHand = letter;
    else return false;
    this.#pull.delivered();
    return true;
  }

  /** A letter came that nobody here will handle. */
  passedOver(letter: Letter): void {
    this.#came(letter);
    this.#pull.delivered();
  }

  told(request: string, status: string): void {
    this.#pull.told(request, status);
  }

  /** There may be a free slot. */
  look(): void {
    if (this.#inHand !== undefined && this.#keeper.free > 0) {
      const letter = this.#inHand;
      this.#inHand = undefined;
      this.#keeper.begin(letter);
    }
    this.#ask();
  }

  ended(why: "filled" | "empty" | "over"): void {
    this.#releaseAll();
    if (why === "empty") this.#pending = 0;
    this.#ask();
  }

  gone(why: string): void {
    this.#releaseAll();
    this.#keeper.gone(why);
  }

  // SOURCE-1
  #ask(): void {
    if (this.#stopped || this.#pull.outstanding > 0 || this.#inHand !== undefined) return;
    const { free } = this.#keeper;
    if (this.#pending === 0 || free === 0) return void this.#pull.ask(1, "coming");
    const batch = Math.min(free, this.#pending);
    this.#reserved = batch;
    this.#keeper.reserve(batch);
    if (!this.#pull.ask(batch, "waiting")) this.#releaseAll();
  }

  #came(letter: Letter): void {
    this.#pending = letter.from.figures.pending;
    if (this.#reserved === 0) return;
    this.#reserved--;
    this.#keeper.release(1);
  }

  #releaseAll(): void {
    const reserved = this.#reserved;
    this.#reserved = 0;
    if (reserved > 0) this.#keeper.release(reserved);
  }
}
