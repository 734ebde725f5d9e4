import { clearTimeout, setImmediate, setTimeout } from "../base/timers.js";
import { nanoseconds } from "../jetstream/configs.js";
import type { Link } from "../link/index.js";

/** How long a request for letters waits at the server, in ms, and how often the server says meanwhile that it does. */
export interface Patience {
  readonly expires: number;
  readonly heartbeat: number;
}

/** How many heartbeats may be missing before a consumer is taken for lost. */
const missedHeartbeats = 4;

export interface PullOwner {
  /** A request is over. */
  ended(): void;
  /** The consumer is gone, or does not answer; so are all requests. */
  gone(why: string): void;
}

/**
 * The requests for letters to one consumer (ADR-13).
 *
 * PULL-1 What was asked for either comes, or is left when its request is over. The server serves its requests in turn, so
 *   nobody knows which one a letter belongs to; it is the sum that counts.
 * PULL-2 A request ends: all of its letters came, its time is over, or its consumer is gone, or silent. A silence that ends
 *   while this process stands still is none.
 */
export class Pull {
  readonly #link: Link;
  readonly #subject: string;
  readonly #inbox: string;
  readonly #patience: Patience;
  readonly #options: string;
  readonly #owner: PullOwner;
  #outstanding = 0;
  #made = 0;
  /** The last request of which nothing will come. */
  #forgotten = 0;
  /** Counts what was heard of the consumer. */
  #signs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param subject of requests. @param inbox the subject for answers; a token for the request follows. */
  constructor(link: Link, subject: string, inbox: string, patience: Patience, owner: PullOwner) {
    const { expires, heartbeat } = patience;
    this.#link = link;
    this.#subject = subject;
    this.#inbox = inbox;
    this.#patience = patience;
    this.#options = `"expires":${nanoseconds(expires)},"idle_heartbeat":${nanoseconds(heartbeat)}`;
    this.#owner = owner;
  }

  /** How many letters are asked for and have not come. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Asks for letters, those that wait and those that come soon. False: there is no connection. */
  ask(batch: number): boolean {
    const reply = `${this.#inbox}.${++this.#made}`;
    if (!this.#link.publish(this.#subject, Buffer.from(`{"batch":${batch},${this.#options}}`), { reply })) return false;
    this.#outstanding += batch;
    this.#watch();
    return true;
  }

  /** A letter came. */
  delivered(): void {
    if (this.#outstanding > 0) this.#over(1); // Else it is of a request that was given up.
  }

  /** The server says something of a request. @param status such as `404 No Messages`. @param left of its letters. */
  told(request: number, status: string, left: number): void {
    if (this.#outstanding === 0 || request <= this.#forgotten || request > this.#made) return;
    const code = status.slice(0, 3);
    if (code === "100") this.#watch();
    else if (code === "404" || code === "408") this.#over(Math.min(left, this.#outstanding));
    else this.#gone(code === "503" ? "nobody answers for its consumer" : status);
  }

  /** Nothing will come of any request: the connection ended, or nobody wants any more. */
  reset(): void {
    this.#forgotten = this.#made;
    this.#outstanding = 0;
    this.#quiet();
  }

  #over(letters: number): void {
    this.#outstanding -= letters;
    if (this.#outstanding === 0) this.#quiet();
    else this.#watch();
    this.#owner.ended();
  }

  #gone(why: string): void {
    this.reset();
    this.#owner.gone(why);
  }

  /** The consumer gave a sign of life. */
  #watch(): void {
    this.#signs++;
    if (this.#timer !== undefined) return void this.#timer.refresh();
    this.#timer = setTimeout(this.#silent, missedHeartbeats * this.#patience.heartbeat).unref();
  }

  #quiet(): void {
    this.#signs++;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  // PULL-2
  readonly #silent = (): void => {
    const signs = this.#signs;
    setImmediate(() => {
      if (this.#signs === signs) this.#gone("its consumer does not answer");
    });
  };
}
