import { setImmediate } from "node:timers/promises";
import type { Link } from "../link/index.js";
import type { PendingCast } from "./pending-cast.js";

// docs/protocol.md, clauses C-2 to C-4.

/**
 * Learns that casts went through. The server's word that nobody listens comes before its answer to a later ping, so one
 * ping ends the wait of every cast before it.
 *
 * W1 One ping is under way at most; casts made meanwhile wait for the next one.
 * W2 A cast is held no longer than two round trips, or until the connection is lost.
 */
export class CastWatch {
  readonly #link: Link;
  #casts: PendingCast[] = [];
  #running: Promise<void> | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  watch(cast: PendingCast): void {
    this.#casts.push(cast);
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is watched any more. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#casts.length > 0) {
      await setImmediate();
      const casts = this.#casts;
      this.#casts = [];
      const through = await this.#link.fence();
      for (const cast of casts) through ? cast.end() : cast.lost();
    }
    this.#running = undefined;
  }
}
