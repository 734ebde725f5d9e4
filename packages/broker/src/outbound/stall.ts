import type { Socket } from "node:net";
import type { Congestion } from "../bounds/congestion.js";

/** Longest time, in ms, that a publisher is held back for one slow subscriber before it is let on again. */
const longestStall = 100;

/**
 * Holds a publisher back by not reading from it while a subscriber of its messages is congested, so that a burst makes
 * the publisher slower before it costs the subscriber its connection.
 *
 * STALL-1 It waits for one subscriber at a time, and never longer than `longestStall`.
 * STALL-2 After `stop()` neither a timer nor a callback is left.
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

  /** Reads on. */
  readonly stop = (): void => {
    clearTimeout(this.#timer);
    this.#waitingFor?.notRelieved(this.stop);
    this.#waitingFor = undefined;
    if (!this.#socket.destroyed) this.#socket.resume();
  };
}
