import { clearTimeout, performance, setTimeout } from "../base/timers.js";
import type { LetterReceipt } from "./receipt.js";
import type { StoreState } from "./stores.js";
import { type StoredMessage, Storing, type StoringTransport } from "./storing.js";

/** How many letters of a bus may wait to be stored. */
const limit = 16_384;
/** How often those that wait are looked at, in ms. */
const interval = 100;

/**
 * What a bus sends to streams: the letters of its senders, and those that its mailboxes put aside or bury.
 *
 * STORE-QUEUE-1 At most 16,384 wait to be stored.
 */
export class StoreQueue {
  readonly #transport: StoringTransport;
  readonly #waiting = new Set<Storing>();
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(transport: StoringTransport) {
    this.#transport = transport;
  }

  get size(): number {
    return this.#waiting.size;
  }

  get full(): boolean {
    return this.#waiting.size >= limit;
  }

  /**
   * Stores a message, within `timeout` ms.
   *
   * @param ensure makes sure that there is a stream. @param ended is called once.
   */
  store(
    message: StoredMessage,
    timeout: number,
    signals: readonly AbortSignal[],
    ensure: () => Promise<StoreState>,
    ended: (receipt: LetterReceipt) => void,
  ): void {
    const owner = {
      ensure,
      ended: (receipt: LetterReceipt, storing: Storing) => {
        this.#forget(storing);
        ended(receipt);
      },
    };
    const storing = new Storing(message, this.#transport, timeout, signals, owner);
    this.#waiting.add(storing);
    this.#timer ??= setTimeout(this.#sweep, interval).unref();
    storing.send();
  }

  /** Sends what waits for a connection. */
  connected(): void {
    this.#look();
  }

  /** Resolves when none waits. */
  idle(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Gives up what still waits. */
  close(): void {
    for (const storing of [...this.#waiting]) storing.giveUp();
  }

  #forget(storing: Storing): void {
    this.#waiting.delete(storing);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#idle?.();
  }

  readonly #sweep = (): void => {
    this.#timer = setTimeout(this.#sweep, interval).unref();
    this.#look();
  };

  #look(): void {
    const now = performance.now();
    for (const storing of [...this.#waiting]) storing.look(now);
  }
}
