import type { WhenUnreachable } from "@muove/contract";
import { clearTimeout, queueMicrotask, setTimeout } from "../base/timers.js";
import type { Link } from "../link/index.js";
import type { KeyRoute } from "../presence/key-route.js";
import type { CastTarget, Letter } from "./letter.js";
import type { Postbox } from "./postbox.js";
import { buffered, type Receipt, sent, unsent } from "./receipt.js";
import type { WaitingRoom } from "./waiting-room.js";

/** How long a cast may wait for the lookup of its instance, in ms, if it may not wait for a connection. */
const lookupTimeout = 5_000;

/** A cast by key. Its target is for people; its route picks the instance. */
export interface KeyedLetter extends Letter {
  readonly route: KeyRoute<CastTarget>;
}

interface Waiting {
  readonly timer: NodeJS.Timeout;
  readonly stop: () => void;
}

/**
 * Casts by key: looks up the responsible instance and sends them there, or to the next one if that instance is gone.
 *
 * KEYED-CASTS-1 Each that waits for the lookup has a slot in the waiting room (WAITING-ROOM-1), and none waits longer
 *   than it may. Those that cannot wait become dead letters.
 * KEYED-CASTS-2 Casts to one mailbox leave in the order in which they were made.
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
    const buffers = typeof whenUnreachable === "object";
    const connected = this.#link.up;
    if (connected && letter.route.known && !this.#holds(letter.target.line)) return this.#post(letter) ? sent : unsent;
    const timeout = buffers ? whenUnreachable.bufferFor : lookupTimeout;
    if ((connected || buffers) && this.#wait(letter, timeout)) return buffered;
    if (whenUnreachable === "drop") this.#postbox.dropped(letter.target);
    else this.#postbox.giveUp(letter, "unreachable", "no");
    return unsent;
  }

  /** Dead-letters all waiting casts. */
  close(): void {
    for (const letter of [...this.#waiting.keys()]) this.#overdue(letter);
  }

  #holds(line: string): boolean {
    for (const { target } of this.#waiting.keys()) if (target.line === line) return true;
    return false;
  }

  /** False: it became a dead letter. */
  #post(letter: KeyedLetter): boolean {
    const { route } = letter;
    if (!this.#postbox.fits(letter)) return this.#giveUp(letter, "unreachable");
    if (route.forbidden) return this.#giveUp(letter, "forbidden");
    const target = route.next();
    if (target === undefined) return this.#giveUp(letter, "absent");
    const elsewhere = (): void => {
      route.refused("absent");
      this.#post(letter);
    };
    return this.#postbox.post({ ...letter, target, elsewhere }) || this.#giveUp(letter, "unreachable");
  }

  #giveUp(letter: Letter, reason: "absent" | "forbidden" | "unreachable"): false {
    this.#postbox.giveUp(letter, reason, "no");
    return false;
  }

  #wait(letter: KeyedLetter, timeout: number): boolean {
    if (!this.#room.enter()) return false;
    const timer = setTimeout(() => this.#overdue(letter), timeout);
    // In a microtask: a route that is forbidden calls back at once, before `stop` is set.
    const waiting: { timer: NodeJS.Timeout; stop: () => void } = { timer, stop: () => {} };
    this.#waiting.set(letter, waiting);
    waiting.stop = letter.route.whenKnown(() => queueMicrotask(() => this.#look(letter)));
    return true;
  }

  /** Sends it if the instance is known. If the connection was lost meanwhile, it waits on. */
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
    this.#giveUp(letter, "unreachable");
  }

  #forget(letter: KeyedLetter): void {
    const waiting = this.#waiting.get(letter);
    clearTimeout(waiting?.timer);
    waiting?.stop();
    if (this.#waiting.delete(letter)) this.#room.leave();
  }
}
