import { clearTimeout, setTimeout } from "../base/timers.js";
import { nanoseconds } from "../jetstream/configs.js";
import type { Link } from "../link/index.js";

/** How long a request for letters may wait at the server, in ms, and how often the server then says that it does. */
const expires = 30_000;
const heartbeat = 3_000;
/** A consumer that was silent for this long is taken for lost, in ms. */
const silence = 2.5 * heartbeat;

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
 * PULL-2 A request ends: filled, empty, over, or because its consumer was silent for 7.5 s.
 */
export class Pull {
  readonly #link: Link;
  readonly #subject: string;
  readonly #inbox: string;
  readonly #owner: PullOwner;
  #request = 0;
  #outstanding = 0;
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
    return this.#outstanding;
  }

  /** Asks for letters: for those that wait now, or also for those that come within 30 s. False: there is no connection. */
  ask(batch: number, only: "waiting" | "coming"): boolean {
    const body = only === "waiting" ? { batch, no_wait: true } : { batch, ...patient };
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
    this.#owner.gone(status);
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

  #watch(): void {
    this.#quiet();
    this.#timer = setTimeout(() => {
      this.#outstanding = 0;
      this.#owner.gone("its consumer does not answer");
    }, silence).unref();
  }

  #quiet(): void {
    clearTimeout(this.#timer);
  }
}

const patient = { expires: nanoseconds(expires), idle_heartbeat: nanoseconds(heartbeat) };
