import { clearTimeout, setImmediate, setTimeout } from "../base/timers.js";
import { nanoseconds } from "../jetstream/configs.js";
import type { Link } from "../link/index.js";

/** How long a request for letters may wait at the server, in ms, and how often the server says meanwhile that it does. */
export interface Patience {
  readonly expires: number;
  readonly heartbeat?: number;
}

/** How long after the server should have said something its consumer is taken for lost, in ms. */
const grace = 3_000;

export interface PullOwner {
  /** The last request is over: `empty` if nothing waits for the consumer. The owner may ask again at once. */
  ended(why: "filled" | "empty" | "over"): void;
  /** The consumer is gone, or does not answer. */
  gone(why: string): void;
}

/**
 * The requests for letters to one consumer (ADR-13).
 *
 * PULL-1 One request is out at a time, and it asks for as many letters as there is room for.
 * PULL-2 A request ends: filled, empty, over, or because its consumer is gone, or is silent. A silence that ends while
 *   this process stands still is none.
 */
export class Pull {
  readonly #link: Link;
  readonly #subject: string;
  readonly #inbox: string;
  readonly #owner: PullOwner;
  readonly #patient: object;
  readonly #silence: number;
  #request = 0;
  #outstanding = 0;
  /** Counts what was heard of the consumer. */
  #signs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param subject of requests. @param inbox the subject for answers; a token for the request follows. */
  constructor(link: Link, subject: string, inbox: string, { expires, heartbeat }: Patience, owner: PullOwner) {
    this.#link = link;
    this.#subject = subject;
    this.#inbox = inbox;
    this.#owner = owner;
    this.#patient = {
      expires: nanoseconds(expires),
      ...(heartbeat !== undefined && { idle_heartbeat: nanoseconds(heartbeat) }),
    };
    this.#silence = (heartbeat ?? expires) + grace;
  }

  /** How many letters are asked for and have not come. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Asks for letters: for those that wait now, or also for those that come soon. False: there is no connection. */
  ask(batch: number, only: "waiting" | "coming"): boolean {
    const body = only === "waiting" ? { batch, no_wait: true } : { batch, ...this.#patient };
    const reply = `${this.#inbox}.${++this.#request}`;
    if (!this.#link.publish(this.#subject, Buffer.from(JSON.stringify(body)), { reply })) return false;
    this.#outstanding = batch;
    this.#watch();
    return true;
  }

  /** A letter came. */
  delivered(): void {
    if (this.#outstanding === 0) return; // Of a request that was given up.
    this.#outstanding--;
    if (this.#outstanding === 0) this.#end("filled");
    else this.#watch();
  }

  /** The server says something of a request. @param status such as `404 No Messages`. */
  told(request: string, status: string): void {
    if (request !== `${this.#request}` || this.#outstanding === 0) return;
    const code = status.slice(0, 3);
    if (code === "100") return this.#watch();
    this.#outstanding = 0;
    if (code === "404" || code === "408") return this.#end(code === "404" ? "empty" : "over");
    this.#quiet();
    this.#owner.gone(code === "503" ? "nobody answers for its consumer" : status);
  }

  /** Nothing will come of the last request: the connection ended, or nobody wants any more. */
  reset(): void {
    this.#outstanding = 0;
    this.#quiet();
  }

  #end(why: "filled" | "empty" | "over"): void {
    this.#quiet();
    this.#owner.ended(why);
  }

  /** The consumer gave a sign of life. */
  #watch(): void {
    this.#signs++;
    if (this.#timer === undefined) this.#timer = setTimeout(this.#silent, this.#silence).unref();
    else this.#timer.refresh();
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
      if (this.#signs !== signs) return;
      this.reset();
      this.#owner.gone("its consumer does not answer");
    });
  };
}
