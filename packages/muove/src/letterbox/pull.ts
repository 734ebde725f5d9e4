import { clearTimeout, setTimeout } from "../base/timers.js";
import { nanoseconds } from "../jetstream/configs.js";
import type { Link } from "../link/index.js";

/** How often the server says that a request waits there, in ms. */
const heartbeat = 1_000;
/** A consumer that was silent for this long is taken for lost, in ms. */
const silence = 5 * heartbeat;

export interface PullOwner {
  /** A request is over. @param left how many of its letters did not come. */
  ended(left: number): void;
  /** The consumer is gone, or does not answer; so are all requests. */
  gone(why: string): void;
}

interface Request {
  readonly token: string;
  left: number;
}

/**
 * The requests for letters to one consumer (ADR-13).
 *
 * PULL-1 The server fills requests in their order, so a letter belongs to the oldest one.
 * PULL-2 A request ends: all of its letters came, its time is over, or its consumer was silent for 5 s.
 */
export class Pull {
  readonly #link: Link;
  readonly #subject: string;
  readonly #inbox: string;
  readonly #owner: PullOwner;
  #requests: Request[] = [];
  #made = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param subject of requests. @param inbox the subject for answers; a token for the request follows. */
  constructor(link: Link, subject: string, inbox: string, owner: PullOwner) {
    this.#link = link;
    this.#subject = subject;
    this.#inbox = inbox;
    this.#owner = owner;
  }

  /** How many letters are asked for and have not come. */
  get outstanding(): number {
    return this.#requests.reduce((sum, { left }) => sum + left, 0);
  }

  /** Asks for letters, those that wait and those that come within `expires` ms. False: there is no connection. */
  ask(batch: number, expires: number): boolean {
    const token = `${++this.#made}`;
    const body = `{"batch":${batch},"expires":${nanoseconds(expires)},"idle_heartbeat":${nanoseconds(heartbeat)}}`;
    if (!this.#link.publish(this.#subject, Buffer.from(body), { reply: `${this.#inbox}.${token}` })) return false;
    this.#requests.push({ token, left: batch });
    this.#watch();
    return true;
  }

  /** A letter came. */
  delivered(): void {
    const [request] = this.#requests;
    if (request === undefined) return; // Of a request that was given up.
    request.left--;
    if (request.left === 0) this.#end(request);
    else this.#watch();
  }

  /** The server says something of a request. @param status such as `404 No Messages`. */
  told(token: string, status: string): void {
    const request = this.#requests.find((each) => each.token === token);
    if (request === undefined) return;
    const code = status.slice(0, 3);
    if (code === "100") this.#watch();
    else if (code === "404" || code === "408") this.#end(request);
    else this.#gone(status);
  }

  /** Nothing will come of any request: the connection ended, or nobody wants any more. */
  reset(): void {
    this.#requests = [];
    this.#quiet();
  }

  #end(request: Request): void {
    this.#requests = this.#requests.filter((each) => each !== request);
    if (this.#requests.length === 0) this.#quiet();
    this.#owner.ended(request.left);
  }

  #gone(why: string): void {
    this.reset();
    this.#owner.gone(why);
  }

  #watch(): void {
    if (this.#timer !== undefined) return void this.#timer.refresh();
    this.#timer = setTimeout(() => this.#gone("its consumer does not answer"), silence).unref();
  }

  #quiet(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
