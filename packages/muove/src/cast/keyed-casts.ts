import type { WhenUnreachable } from "@muove/contract";
import type { Link } from "../link/index.js";
import type { KeyRoute } from "../presence/key-route.js";
import type { CastTarget, Letter } from "./letter.js";
import type { Postbox } from "./postbox.js";
import { buffered, type Receipt, sent, unsent } from "./receipt.js";
import type { WaitingRoom } from "./waiting-room.js";

/** How long a cast may wait to know who is responsible, in ms, where it may not wait for a connection. */
const knownWithin = 5_000;

/** A cast by key: its target is for people, and whom it goes to its route says. */
export interface KeyedLetter extends Letter {
  readonly route: KeyRoute<CastTarget>;
}

interface Waiting {
  readonly timer: NodeJS.Timeout;
  readonly stop: () => void;
}

/**
 * Casts by key: finds out who is responsible, and sends them there; again, when that one turns out to be gone.
 *
 * U1 None waits to know it without a place in the waiting room (WR1), and none for longer than it may; what cannot wait is a dead letter.
 * U2 Those to one mailbox leave in the order in which they were made.
 */
export class KeyedCasts {
  readonly #link: Link;
  readonly #postbox: Postbox;
  readonly #room: WaitingRoom;
  readonly #waiting = new Map<KeyedLetter, Waiting>();

  constructor(link: Link, postbox: Postbox, room: WaitingRoom) {
    this.#link = link;
    this.#postbox = postbox;
    this.#room = room;
  }

  send(letter: KeyedLetter, whenUnreachable: WhenUnreachable): Receipt {
    const patient = typeof whenUnreachable === "object";
    const connected = this.#link.up;
    if (connected && letter.route.known && !this.#holds(letter.target.line)) return this.#post(letter) ? sent : unsent;
    const patience = patient ? whenUnreachable.bufferFor : knownWithin;
    if ((connected || patient) && this.#wait(letter, patience)) return buffered;
    if (whenUnreachable === "drop") this.#postbox.dropped(letter.target);
    else this.#postbox.bury(letter, "unreachable", "no");
    return unsent;
  }

  /** The bus closes: what still waits never gets through. */
  close(): void {
    for (const letter of [...this.#waiting.keys()]) this.#overdue(letter);
  }

  #holds(line: string): boolean {
    for (const { target } of this.#waiting.keys()) if (target.line === line) return true;
    return false;
  }

  /** False: it reached nobody, and is a dead letter. */
  #post(letter: KeyedLetter): boolean {
    const { route } = letter;
    if (!this.#postbox.fits(letter)) return this.#bury(letter, "unreachable");
    if (route.forbidden) return this.#bury(letter, "forbidden");
    const target = route.next();
    if (target === undefined) return this.#bury(letter, "absent");
    const elsewhere = (): void => {
      route.refused("absent");
      this.#post(letter);
    };
    return this.#postbox.post({ ...letter, target, elsewhere }) || this.#bury(letter, "unreachable");
  }

  #bury(letter: Letter, reason: "absent" | "forbidden" | "unreachable"): false {
    this.#postbox.bury(letter, reason, "no");
    return false;
  }

  #wait(letter: KeyedLetter, patience: number): boolean {
    if (!this.#room.enter()) return false;
    const timer = setTimeout(() => this.#overdue(letter), patience);
    // Not at once: what cannot be known is not known in the middle of making it wait.
    const waiting: { timer: NodeJS.Timeout; stop: () => void } = { timer, stop: () => {} };
    this.#waiting.set(letter, waiting);
    waiting.stop = letter.route.whenKnown(() => queueMicrotask(() => this.#look(letter)));
    return true;
  }

  /** It is known by now, or the connection was lost meanwhile: then it waits on. */
  #look(letter: KeyedLetter): void {
    const waiting = this.#waiting.get(letter);
    if (waiting === undefined) return;
    if (letter.route.forbidden || (this.#link.up && letter.route.known)) {
      this.#forget(letter);
      this.#post(letter);
    } else this.#waiting.set(letter, { ...waiting, stop: letter.route.whenKnown(() => this.#look(letter)) });
  }

  #overdue(letter: KeyedLetter): void {
    this.#forget(letter);
    this.#bury(letter, "unreachable");
  }

  #forget(letter: KeyedLetter): void {
    const waiting = this.#waiting.get(letter);
    clearTimeout(waiting?.timer);
    waiting?.stop();
    if (this.#waiting.delete(letter)) this.#room.leave();
  }
}
