/*
 * DEADLINES-1 Nothing expires before its time is over *and* the loop has read once more after that: when this process
 *   was busy for longer than the time, what was waited for may lie in its socket.
 * DEADLINES-2 There is one timer per whole ms of timeout in use, however many wait, and none for long when nothing
 *   does. Timers keep no process alive: what waits here waits for something that does.
 * DEADLINES-3 What has left a queue knows nobody in there any more, so that it keeps nobody in memory. (A `Set` that
 *   things join and leave all the time makes a new table for every few of them.)
 * DEADLINES-4 A throw in one `expire()` ends no other's wait.
 */

/** Something that is over at a certain time, unless it ended before. It waits in one queue at a time. */
export abstract class Expiring {
  /** Those before and after it in its queue, which are nobody else's affair. */
  earlier: Expiring | undefined = undefined;
  later: Expiring | undefined = undefined;

  /** On the clock of `performance.now()`. */
  abstract readonly expiresAt: number;
  abstract expire(): void;
}

/** Where something waits for its time to be over. */
export interface Deadline {
  /** It ended before. */
  delete(expiring: Expiring): void;
}

/**
 * The deadlines of a bus. Most of them are the same few timeouts over and over, and hardly one is ever reached. So
 * those of the same timeout stand in one queue, in the order in which they will be over, and share a timer: it costs
 * next to nothing to join a queue and to leave it.
 */
export class Deadlines {
  readonly #queues = new Map<number, Queue>();

  /** How many wait. */
  get size(): number {
    return [...this.#queues.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** @param timeout what it was given from the moment at which it was told its `expiresAt`, in whole ms. */
  add(timeout: number, expiring: Expiring): Deadline {
    let queue = this.#queues.get(timeout);
    if (queue === undefined) {
      queue = new Queue(() => this.#queues.delete(timeout));
      this.#queues.set(timeout, queue);
    }
    queue.add(expiring);
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
    if (earlier === undefined && this.#first !== expiring) return; // It is not in here any more.
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
    setTimeout(this.#due, Math.max(1, Math.ceil(expiresAt - performance.now()))).unref();
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
