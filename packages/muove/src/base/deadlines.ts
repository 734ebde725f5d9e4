import { inCleanContext } from "./clean-context.js";
import { Stalls } from "./stalls.js";
import { performance, setImmediate, setTimeout } from "./timers.js";

/*
 * DEADLINES-1 Nothing expires until its time is over *and* the event loop has read once more: if this process was busy
 *   for that long, the answer may already be in its socket.
 * DEADLINES-2 There is one timer per distinct timeout, however many entries wait, and one to see stalls; soon none when
 *   nothing waits. Timers do not keep the process alive.
 * DEADLINES-3 An entry that has left its queue holds no reference to the others, so it keeps none of them in memory. (A
 *   `Set` with this much churn would rebuild its table every few operations.)
 * DEADLINES-4 An `expire()` that throws does not affect the other entries.
 * DEADLINES-5 Nothing expires in the asynchronous context of whoever made an entry: many share a timer.
 */

/** An entry with a deadline. It is in one queue at a time. */
export abstract class Expiring {
  /** Neighbours in the queue. Only the queue uses them. */
  earlier: Expiring | undefined = undefined;
  later: Expiring | undefined = undefined;

  /** On the clock of `performance.now()`. */
  abstract readonly expiresAt: number;
  abstract expire(): void;
}

/** The handle for removing an entry before it expires. */
export interface Deadline {
  /** Removes an entry that has ended before its deadline. */
  delete(expiring: Expiring): void;
}

/**
 * The deadlines of a bus. Most use the same few timeouts, and almost none is ever reached. So entries with the same
 * timeout share one queue, in order of expiry, and one timer. Adding and removing an entry costs almost nothing.
 */
export class Deadlines {
  /** The stalls while anything waited. A stall past a deadline is known when it expires. */
  readonly stalls = new Stalls(() => this.#queues.size > 0);
  readonly #queues = new Map<number, Queue>();

  /** The number of entries that wait. */
  get size(): number {
    return [...this.#queues.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** @param timeout in whole ms, counted from when `expiresAt` was computed. */
  add(timeout: number, expiring: Expiring): Deadline {
    const queue = this.#queues.get(timeout) ?? this.#open(timeout);
    queue.add(expiring);
    return queue;
  }

  #open(timeout: number): Queue {
    const queue = new Queue(() => this.#queues.delete(timeout));
    this.#queues.set(timeout, queue);
    this.stalls.watch();
    return queue;
  }
}

class Queue implements Deadline {
  readonly #abandoned: () => void;
  #first: Expiring | undefined;
  #last: Expiring | undefined;
  #size = 0;
  #armed = false;

  constructor(abandoned: () => void) {
    this.#abandoned = abandoned;
  }

  get size(): number {
    return this.#size;
  }

  add(expiring: Expiring): void {
    expiring.earlier = this.#last;
    if (this.#last === undefined) this.#first = expiring;
    else this.#last.later = expiring;
    this.#last = expiring;
    this.#size++;
    if (!this.#armed) this.#arm(expiring);
  }

  delete(expiring: Expiring): void {
    const { earlier, later } = expiring;
    if (earlier === undefined && this.#first !== expiring) return; // Already removed.
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    expiring.earlier = undefined;
    expiring.later = undefined;
    this.#size--;
  }

  #arm({ expiresAt }: Expiring): void {
    this.#armed = true;
    const delay = Math.max(1, Math.ceil(expiresAt - performance.now()));
    inCleanContext(setTimeout, this.#due, delay).unref(); // DEADLINES-5
  }

  // DEADLINES-1
  readonly #due = (): void => {
    const now = performance.now();
    setImmediate(() => this.#expire(now));
  };

  #expire(until: number): void {
    try {
      for (let first = this.#first; first !== undefined && first.expiresAt <= until; first = this.#first) {
        this.delete(first);
        first.expire();
      }
    } finally {
      this.#goOn(); // DEADLINES-4
    }
  }

  #goOn(): void {
    if (this.#first !== undefined) return this.#arm(this.#first);
    this.#armed = false;
    this.#abandoned(); // DEADLINES-2
  }
}
