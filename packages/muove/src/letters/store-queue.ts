import { clearTimeout, performance, setImmediate, setTimeout } from "../base/timers.js";
import type { LetterReceipt } from "./receipt.js";
import type { StoreState } from "./stores.js";
import { type StoredMessage, Storing, type StoringTransport } from "./storing.js";

/** How many letters of a bus may wait to be stored, and how many bytes. */
const limit = 16_384;
const byteLimit = 64 * 1_048_576;
/** How often those that wait are looked at, in ms. */
const interval = 100;

/**
 * What a bus sends to streams: the letters of its senders, and those that its mailboxes put aside or bury.
 *
 * STORE-QUEUE-1 It is full when 16,384 wait to be stored, or 64 MiB; then it is for its users to refuse more.
 * STORE-QUEUE-2 Nothing is sent again before the event loop has read once more: if this process stood still, the answer
 *   may lie in its socket.
 */
export class StoreQueue {
  readonly #transport: StoringTransport;
  readonly #waiting = new Set<Storing>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(transport: StoringTransport) {
    this.#transport = transport;
  }

  get size(): number {
    return this.#waiting.size;
  }

  get full(): boolean {
    return this.#waiting.size >= limit || this.#bytes >= byteLimit;
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
    this.#bytes += sizeOf(message);
    this.#timer ??= setTimeout(this.#sweep, interval).unref();
    storing.send();
  }

  /** Sends what waits for a connection. */
  connected(): void {
    this.#look(performance.now());
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
    if (this.#waiting.delete(storing)) this.#bytes -= sizeOf(storing.message);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#idle?.();
  }

  readonly #sweep = (): void => {
    this.#timer = setTimeout(this.#sweep, interval).unref();
    const now = performance.now();
    setImmediate(() => this.#look(now)); // STORE-QUEUE-2
  };

  #look(now: number): void {
    for (const storing of [...this.#waiting]) storing.look(now);
  }
}

const sizeOf = ({ payload, headers }: StoredMessage): number => payload.length + headers.length;
