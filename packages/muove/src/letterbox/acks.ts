import type { Link } from "../link/index.js";

const ack = Buffer.from("+ACK");
/** How many are remembered. Beyond that the oldest are forgotten, and their letters may be handled twice. */
const most = 65_536;

/**
 * Acknowledges letters.
 *
 * ACKS-1 What a connection may have lost is acknowledged again on the next one, until the server has answered a later
 *   ping: a letter is not handled twice because its acknowledgement was lost.
 */
export class Acks {
  readonly #link: Link;
  /** Before the ping in flight, and after it. */
  #pinged: string[] = [];
  #recent: string[] = [];
  #running: Promise<void> | undefined;
  #settled: (() => void) | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  /** @param subject of one delivery. */
  add(subject: string): void {
    this.#link.publish(subject, ack);
    this.#recent.push(subject);
    if (this.#recent.length > most) this.#recent.shift();
    if (this.#link.up) this.#running ??= this.#confirm();
  }

  /** Sends again what may have been lost. */
  connected(): void {
    const again = [...this.#pinged.splice(0), ...this.#recent.splice(0)];
    for (const subject of again) this.add(subject);
  }

  /** Resolves when the server has all: if the connection is lost, on the next one. */
  settled(): Promise<void> {
    if (this.#pinged.length + this.#recent.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#settled = resolve;
    });
  }

  async #confirm(): Promise<void> {
    while (this.#recent.length > 0) {
      this.#pinged.push(...this.#recent.splice(0));
      if (await this.#link.fence()) this.#pinged = [];
      else if (this.#pinged.length > 0) break; // Else they were said again already, on the next connection.
    }
    this.#running = undefined;
    if (this.#pinged.length === 0) this.#settled?.();
  }
}
