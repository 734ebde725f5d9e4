import { RingBuffer } from "../base/ring-buffer.js";
import type { Delivery } from "./delivery.js";

/** The weight of a new measurement in the moving average of a turn's time. */
const weight = 0.1;

/** The messages of one key. */
interface Line {
  /** Whose turn it is: it waits in the queue, or its handler runs. */
  first: Delivery;
  /** When its handler began, on the clock of `performance.now()`; NaN before. */
  begunAt: number;
  /** Those behind it, from the second one on. */
  behind: RingBuffer<Delivery> | undefined;
}

/**
 * The messages that wait in a mailbox.
 *
 * WAITING-1 Messages start in the order in which they came, but for those whose key is taken. Such a message waits in
 *   the line of its key, and joins the end of the queue when its turn comes: when the one before is done, or has lost
 *   its slot. So messages of one key start in their order, one at a time, and hold up no other key.
 * WAITING-2 At most `limit` wait, and at most half of that in the line of one key.
 * WAITING-3 Everything takes the same time, however many wait.
 */
export class Waiting {
  readonly #limit: number;
  readonly #queue = new RingBuffer<Delivery>();
  readonly #lines = new Map<string, Line>();
  /** How many are in the lines, behind the first of each. */
  #inLines = 0;
  /** Cancelled messages stay until they would start, or there are too many of them. */
  #cancelledInQueue = 0;
  #cancelledInLines = 0;
  #turn = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.startable + this.#inLines - this.#cancelledInLines;
  }

  /** Those that may start as soon as there is a slot. */
  get startable(): number {
    return this.#queue.size - this.#cancelledInQueue;
  }

  /** How long a message holds its key, on average, in ms; 0 before the first measurement. */
  get turn(): number {
    return this.#turn;
  }

  /** How many turns of its key a message would wait for. As with slots, the one that runs does not count. */
  turnsBefore(key: string | undefined): number {
    const size = this.#lineOf(key)?.behind?.size ?? 0;
    return size === 0 ? 0 : size + 1;
  }

  /** Whether there is no room for a message with that key (WAITING-2). */
  isFull(key: string | undefined): boolean {
    if (!this.#overLimit(key)) return false;
    if ((this.#cancelledInQueue + this.#cancelledInLines) * 8 < this.#limit) return true; // WAITING-3
    this.#removeCancelled();
    return this.#overLimit(key);
  }

  add(delivery: Delivery): void {
    const { key } = delivery;
    const line = this.#lineOf(key);
    if (line !== undefined) {
      line.behind ??= new RingBuffer();
      line.behind.push(delivery);
      this.#inLines++;
      return;
    }
    if (key !== undefined) this.#lines.set(key, { first: delivery, begunAt: Number.NaN, behind: undefined });
    this.#queue.push(delivery);
  }

  /** Removes and returns the next one to start that is not cancelled. */
  next(): Delivery | undefined {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (!next.cancelled) return next;
      this.#cancelledInQueue--;
      this.done(next, Number.NaN);
    }
    return undefined;
  }

  /** The handler of a message that was next begins. */
  begun({ key }: Delivery, now: number): void {
    const line = this.#lineOf(key);
    if (line !== undefined) line.begunAt = now;
  }

  /** A message that was next is done, has expired, or has lost its slot: it is the turn of the one behind it. */
  done(delivery: Delivery, now: number): void {
    const { key } = delivery;
    const line = this.#lineOf(key);
    if (key === undefined || line?.first !== delivery) return;
    if (!Number.isNaN(line.begunAt)) this.#learn(now - line.begunAt);
    const next = this.#nextIn(line);
    if (next === undefined) this.#lines.delete(key);
    else {
      line.first = next;
      line.begunAt = Number.NaN;
      this.#queue.push(next);
    }
  }

  /** A message that waits was cancelled. */
  cancelled(delivery: Delivery): void {
    const line = this.#lineOf(delivery.key);
    if (line === undefined || line.first === delivery) this.#cancelledInQueue++;
    else this.#cancelledInLines++;
  }

  /** All that are not cancelled. */
  get all(): Delivery[] {
    const inLines = [...this.#lines.values()].flatMap(({ behind = [] }) => [...behind]);
    return [...this.#queue, ...inLines].filter(isAwaited);
  }

  /** Removes and returns all that are not cancelled. */
  clear(): Delivery[] {
    const { all } = this;
    for (const { key } of this.#queue) if (key !== undefined) this.#lines.delete(key);
    for (const line of this.#lines.values()) line.behind = undefined;
    this.#queue.clear();
    this.#inLines = 0;
    this.#cancelledInQueue = 0;
    this.#cancelledInLines = 0;
    return all;
  }

  #lineOf(key: string | undefined): Line | undefined {
    return key === undefined ? undefined : this.#lines.get(key);
  }

  #overLimit(key: string | undefined): boolean {
    if (this.#queue.size + this.#inLines >= this.#limit) return true;
    const size = this.#lineOf(key)?.behind?.size ?? 0;
    return size > 0 && size >= this.#limit >> 1;
  }

  #nextIn(line: Line): Delivery | undefined {
    for (let next = line.behind?.shift(); next !== undefined; next = line.behind?.shift()) {
      this.#inLines--;
      if (!next.cancelled) return next;
      this.#cancelledInLines--;
    }
    return undefined;
  }

  #removeCancelled(): void {
    for (const { behind } of this.#lines.values()) behind?.remove(isCancelled);
    this.#inLines -= this.#cancelledInLines;
    this.#cancelledInLines = 0;
    const gone = [...this.#queue].filter(isCancelled);
    this.#queue.remove(isCancelled);
    this.#cancelledInQueue = 0;
    for (const each of gone) this.done(each, Number.NaN);
  }

  #learn(time: number): void {
    this.#turn += (this.#turn === 0 ? 1 : weight) * (time - this.#turn);
  }
}

const isCancelled = ({ cancelled }: Delivery): boolean => cancelled;
const isAwaited = ({ cancelled }: Delivery): boolean => !cancelled;
