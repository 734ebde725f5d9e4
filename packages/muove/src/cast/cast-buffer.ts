import { clearTimeout, performance, setTimeout, sleep } from "../base/timers.js";
import type { DeadLetter } from "../outcome/dead-letter.js";
import type { Letter } from "./letter.js";
import type { Postbox } from "./postbox.js";
import type { SendResult } from "./probe.js";
import type { WaitingRoom } from "./waiting-room.js";

/**
 * How long after a reconnection an absent mailbox may still be reconnecting, too, in ms: longer than a failing dial
 * plus the longest pause before the next one.
 */
const reconnectGrace = 5_000;
const retryPause = 100;

interface Waiting {
  readonly endsAt: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Casts and events that wait for the connection to come back.
 *
 * CAST-BUFFER-1 Each that waits has a slot in the waiting room (WAITING-ROOM-1), and none waits longer than its
 *   `bufferFor`. Those that cannot wait become dead letters; none is lost silently.
 * CAST-BUFFER-2 Those of one line are sent in the order in which they were made, before any later one that may wait. A
 *   later one for which there is no room is a dead letter, since it would overtake them.
 * CAST-BUFFER-3 The receivers may have lost NATS too, and reconnect later than we do. So the first of each line is sent
 *   as a probe, repeatedly for a while, and the others follow when it has reached somebody.
 */
export class CastBuffer {
  readonly #postbox: Postbox;
  readonly #room: WaitingRoom;
  readonly #waiting = new Map<Letter, Waiting>();
  readonly #probing = new Set<Letter>();
  /** By line, while its letters are being sent. */
  readonly #sending = new Map<string, Promise<void>>();
  #graceEndsAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(postbox: Postbox, room: WaitingRoom) {
    this.#postbox = postbox;
    this.#room = room;
  }

  /** Whether letters of this line wait, so that a later one has to wait behind them if it may (CAST-BUFFER-2). */
  holds(line: string): boolean {
    return this.#waiting.size > 0 && this.#firstOf(line) !== undefined;
  }

  /** Buffers a letter for at most `bufferFor` ms. False: there is no room. */
  add(letter: Letter, bufferFor: number): boolean {
    if (this.#closed || !this.#room.enter()) return false;
    const timer = setTimeout(() => this.#overdue(letter), bufferFor);
    this.#waiting.set(letter, { endsAt: performance.now() + bufferFor, timer });
    if (this.#postbox.connected) this.#send(letter.target.line); // The connection takes no more for now.
    return true;
  }

  /** Sends the waiting letters: the connection is back. */
  flush(): void {
    this.#graceEndsAt = performance.now() + reconnectGrace;
    for (const letter of this.#waiting.keys()) {
      if (this.#postbox.fits(letter)) this.#send(letter.target.line);
      else this.#end(letter, "unreachable", "no");
    }
  }

  /** Dead-letters all waiting letters. Resolves when those in flight have settled. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const letter of this.#waiting.keys()) this.#overdue(letter);
    await Promise.all(this.#sending.values());
  }

  #send(line: string): void {
    if (!this.#sending.has(line)) this.#sending.set(line, this.#sendAll(line));
  }

  async #sendAll(line: string): Promise<void> {
    for (let first = this.#firstOf(line); first !== undefined; first = this.#firstOf(line)) {
      if (!this.#postbox.fits(first)) {
        this.#end(first, "unreachable", "no");
        continue;
      }
      const result = await this.#probe(first);
      if (result === "unsent" && !this.#postbox.connected) break; // The next connection flushes again.
      if (result === "unsent" || (result === "absent" && this.#mayWait(first))) await sleep(retryPause);
      else {
        this.#postbox.sent(first);
        this.#end(first, result);
        this.#follow(line);
      }
    }
    this.#sending.delete(line);
  }

  async #probe(letter: Letter): Promise<SendResult> {
    this.#probing.add(letter);
    const result = await this.#postbox.probe(letter);
    this.#probing.delete(letter);
    return result;
  }

  /** Sends the rest of a line, as long as there is a connection. */
  #follow(line: string): void {
    for (const letter of this.#waiting.keys()) {
      if (letter.target.line !== line) continue;
      if (!this.#postbox.fits(letter)) this.#end(letter, "unreachable", "no");
      else if (this.#postbox.post(letter)) this.#remove(letter);
      else return;
    }
  }

  #mayWait(letter: Letter): boolean {
    const { endsAt = 0 } = this.#waiting.get(letter) ?? {};
    const now = performance.now();
    return !this.#closed && now < this.#graceEndsAt && now < endsAt;
  }

  #firstOf(line: string): Letter | undefined {
    for (const letter of this.#waiting.keys()) if (letter.target.line === line) return letter;
    return undefined;
  }

  /** The probe in flight settles its own letter. */
  #overdue(letter: Letter): void {
    if (!this.#probing.has(letter)) this.#end(letter, "unreachable", "no");
  }

  #end(letter: Letter, result: "accepted" | DeadLetter["reason"], delivered = deliveredBy(result)): void {
    this.#remove(letter);
    if (result !== "accepted") this.#postbox.giveUp(letter, result, delivered);
  }

  #remove(letter: Letter): void {
    clearTimeout(this.#waiting.get(letter)?.timer);
    if (this.#waiting.delete(letter)) this.#room.leave();
  }
}

const deliveredBy = (result: SendResult): DeadLetter["delivered"] => (result === "unreachable" ? "maybe" : "no");
