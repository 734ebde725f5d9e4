import { setTimeout as sleep } from "node:timers/promises";
import type { DeadLetter } from "../outcome/dead-letter.js";
import type { Letter } from "./letter.js";
import type { Postbox } from "./postbox.js";
import type { Fate } from "./send-ahead.js";
import type { WaitingRoom } from "./waiting-room.js";

/**
 * How long a mailbox that is absent may be on its way back, as we are, in ms: longer than a dial into nothing and the
 * longest pause before the next one.
 */
const homecoming = 5_000;
const retryPause = 100;

interface Waiting {
  readonly endsAt: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Casts and events that wait for the connection to come back.
 *
 * C1 None waits without a place in the waiting room (WR1), and none longer than it was given; what cannot wait is a dead letter, not lost silently.
 * C2 Those of one line are sent in the order in which they were made, before any that is made later and may wait.
 * C3 Who serves a mailbox, or listens to an event, may have lost NATS too and be back later than we are. So one of each
 *    line goes ahead, again and again for a while; the others follow when it has found somebody.
 */
export class CastBuffer {
  readonly #postbox: Postbox;
  readonly #room: WaitingRoom;
  readonly #waiting = new Map<Letter, Waiting>();
  readonly #ahead = new Set<Letter>();
  /** By line: the sending of those that wait for it. */
  readonly #sending = new Map<string, Promise<void>>();
  #homeBy = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(postbox: Postbox, room: WaitingRoom) {
    this.#postbox = postbox;
    this.#room = room;
  }

  /** Whether one of that line, if it may wait, has to wait behind others (C2). */
  holds(line: string): boolean {
    return this.#sending.has(line);
  }

  /** Takes one, for so many ms at the most. False: it is full. */
  add(letter: Letter, bufferFor: number): boolean {
    if (this.#closed || !this.#room.enter()) return false;
    const timer = setTimeout(() => this.#overdue(letter), bufferFor);
    this.#waiting.set(letter, { endsAt: performance.now() + bufferFor, timer });
    return true;
  }

  /** The connection is back. */
  flush(): void {
    this.#homeBy = performance.now() + homecoming;
    for (const letter of this.#waiting.keys()) {
      if (this.#postbox.fits(letter)) this.#send(letter.target.line);
      else this.#end(letter, "unreachable", "no");
    }
  }

  /** The bus closes: what still waits never gets through. Resolves when it is known what became of those on their way. */
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
      const fate = await this.#scout(first);
      if (fate === "unsent") break; // The next connection will see to it.
      if (fate === "absent" && this.#mayWait(first)) await sleep(retryPause);
      else {
        this.#postbox.sent(first);
        this.#end(first, fate);
        this.#follow(line);
      }
    }
    this.#sending.delete(line);
  }

  async #scout(letter: Letter): Promise<Fate> {
    this.#ahead.add(letter);
    const fate = await this.#postbox.ahead(letter);
    this.#ahead.delete(letter);
    return fate;
  }

  /** Sends all that wait in a line, as long as there is a connection. */
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
    return !this.#closed && now < this.#homeBy && now < endsAt;
  }

  #firstOf(line: string): Letter | undefined {
    for (const letter of this.#waiting.keys()) if (letter.target.line === line) return letter;
    return undefined;
  }

  /** Its time is over. What is on its way has its fate anyway. */
  #overdue(letter: Letter): void {
    if (!this.#ahead.has(letter)) this.#end(letter, "unreachable", "no");
  }

  #end(letter: Letter, fate: "through" | DeadLetter["reason"], delivered = deliveredBy(fate)): void {
    this.#remove(letter);
    if (fate !== "through") this.#postbox.bury(letter, fate, delivered);
  }

  #remove(letter: Letter): void {
    clearTimeout(this.#waiting.get(letter)?.timer);
    if (this.#waiting.delete(letter)) this.#room.leave();
  }
}

const deliveredBy = (fate: Fate): DeadLetter["delivered"] => (fate === "unreachable" ? "maybe" : "no");
