import type { Socket } from "node:net";
import type { Congestion } from "../bounds/congestion.js";
import { clearTimeout, setTimeout } from "../timers.js";

/** How long, in ms, a publisher is held back at most for one slow subscriber. */
const longestStall = 100;

/**
 * Stops reading from a publisher while a subscriber of its messages is congested. So a burst slows down the publisher
 * before it costs the subscriber its connection.
 *
 * STALL-1 It waits for one subscriber at a time, at most for `longestStall`.
 * STALL-2 After `stop()` no timer and no callback is left.
 */
export class Stall {
  readonly #socket: Socket;
  #waitingFor: Congestion | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  waitFor(congestion: Congestion): void {
    if (this.#waitingFor !== undefined) return;
    this.#waitingFor = congestion;
    this.#socket.pause();
    congestion.onceRelieved(this.stop);
    this.#timer = setTimeout(this.stop, longestStall);
  }

  /** Resumes reading. */
  readonly stop = (): void => {
    clearTimeout(this.#timer);
    this.#waitingFor?.notRelieved(this.stop);
    this.#waitingFor = undefined;
    if (!this.#socket.destroyed) this.#socket.resume();
  };
}
