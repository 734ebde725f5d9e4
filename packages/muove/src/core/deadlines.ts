/*
 * X1 Nothing expires before its time is over *and* the loop has read once more after that: when this process was busy for
 *    longer than the time, what was waited for may lie in its socket.
 * X2 There is one timer per whole ms of timeout in use, however many wait, and none for long when nothing does. Timers keep
 *    no process alive: what waits here waits for something that does.
 */

/** Something that is over at a certain time, unless it ended before. */
export interface Expiring {
  /** On the clock of `performance.now()`. */
  readonly expiresAt: number;
  expire(): void;
}

/** Where something waits for its time to be over. */
export interface Deadline {
  /** It ended before. */
  delete(expiring: Expiring): void;
}

/**
 * The deadlines of a bus. Most of them are the same few timeouts over and over, and hardly one is ever reached. So those of
 * the same timeout stand in one queue, in the order in which they will be over, and share a timer: it costs next to nothing
 * to join a queue and to leave it.
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
  readonly #waiting = new Set<Expiring>();
  readonly #abandoned: () => void;
  #armed = false;

  constructor(abandoned: () => void) {
    this.#abandoned = abandoned;
  }

  get size(): number {
    return this.#waiting.size;
  }

  add(expiring: Expiring): void {
    this.#waiting.add(expiring);
    if (!this.#armed) this.#arm(expiring);
  }

  delete(expiring: Expiring): void {
    this.#waiting.delete(expiring);
  }

  #arm({ expiresAt }: Expiring): void {
    this.#armed = true;
    setTimeout(this.#due, Math.max(1, Math.ceil(expiresAt - performance.now()))).unref();
  }

  // X1
  readonly #due = (): void => {
    const now = performance.now();
    setImmediate(() => this.#expire(now));
  };

  #expire(until: number): void {
    for (const expiring of this.#waiting) {
      if (expiring.expiresAt > until) return this.#arm(expiring);
      this.#waiting.delete(expiring);
      expiring.expire();
    }
    this.#armed = false;
    this.#abandoned(); // X2
  }
}
