import { clearTimeout, setTimeout } from "../base/timers.js";
import type { Link } from "../link/index.js";

const ack = Buffer.from("+ACK");
/** How many are remembered. Beyond that the oldest are forgotten, and their letters may be handled twice. */
const most = 65_536;
/** How many leave together, at most. */
const together = 64;

interface AckTimes {
  /** How long one may wait for others to leave with, in ms. A write costs much more than an acknowledgement. */
  readonly delay: number;
  /** The time between two pings, in ms. */
  readonly pause: number;
}

/**
 * Acknowledges letters.
 *
 * ACKS-1 What a connection may have lost is acknowledged again on the next one, until the server has answered a later
 *   ping: a letter is not handled twice because its acknowledgement was lost.
 * ACKS-2 An acknowledgement leaves within 2 ms, with others if there are any.
 */
export class Acks {
  readonly #link: Link;
  readonly #times: AckTimes;
  /** Not sent yet; sent before the ping in flight; sent after it. */
  #unsent: string[] = [];
  #pinged: string[] = [];
  #recent: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #settled: (() => void) | undefined;
  #wake = (): void => {};

  constructor(link: Link, times: AckTimes = { delay: 2, pause: 100 }) {
    this.#link = link;
    this.#times = times;
  }

  /** @param subject of one delivery. */
  add(subject: string): void {
    this.#unsent.push(subject);
    if (this.#unsent.length >= together || this.#times.delay === 0) this.#send();
    else this.#timer ??= setTimeout(this.#send, this.#times.delay);
  }

  /** Sends again what may have been lost. */
  connected(): void {
    // Not as arguments of a call: there may be more than its stack holds.
    this.#unsent = [...this.#pinged, ...this.#recent, ...this.#unsent];
    this.#pinged = [];
    this.#recent = [];
    this.#send();
  }

  /** Resolves when the server has all: if the connection is lost, on the next one. */
  settled(): Promise<void> {
    this.#send();
    if (this.#pinged.length + this.#recent.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#settled = resolve;
      this.#wake();
    });
  }

  readonly #send = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#unsent.length === 0) return;
    for (const subject of this.#unsent) this.#link.publish(subject, ack);
    for (const subject of this.#unsent) this.#recent.push(subject);
    this.#unsent = [];
    if (this.#recent.length > most) this.#recent = this.#recent.slice(-most);
    if (this.#link.up) this.#running ??= this.#confirm();
  };

  async #confirm(): Promise<void> {
    while (this.#recent.length > 0) {
      const pause = this.#pause();
      if (pause !== undefined) await pause;
      this.#pinged = this.#pinged.concat(this.#recent);
      this.#recent = [];
      if (await this.#link.fence()) this.#pinged = [];
      else if (this.#pinged.length > 0) break; // Else they were said again already, on the next connection.
    }
    this.#running = undefined;
    if (this.#pinged.length === 0) this.#settled?.();
  }

  /** Shorter when somebody waits for the end. */
  #pause(): Promise<void> | undefined {
    const { pause } = this.#times;
    if (pause === 0 || this.#settled !== undefined) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pause).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
