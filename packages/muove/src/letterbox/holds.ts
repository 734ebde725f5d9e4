import { clearTimeout, performance, setTimeout, turn } from "../base/timers.js";
import type { Link } from "../link/index.js";
import type { Letter } from "./letter.js";

const working = Buffer.from("+WPI");
/** How often the server is told that a letter is held, in ms. */
const signEvery = 1_300;
const interval = 400;
/** A timer that is no later than this, in ms, shows no stall. */
const usual = 50;

/**
 * The letters that this instance holds, and tells the server of.
 *
 * HOLDS-1 A delivery belongs to its holder for `ack_wait` after the server last heard of it. After that it is somebody
 *   else's: its handler's signal aborts, and nothing is said of it any more, except that it was handled.
 * HOLDS-2 A letter that was read late, because this process stood still, was delivered that much earlier, also if it is the
 *   first one for a long time: the clock ticks until `stop()`.
 */
export class Holds {
  readonly #link: Link;
  readonly #lost: (letter: Letter) => void;
  readonly #letters = new Set<Letter>();
  /** The last time that this process is known to have read its socket. */
  #readAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param lost is called for each letter that is lost. */
  constructor(link: Link, lost: (letter: Letter) => void) {
    this.#link = link;
    this.#lost = lost;
    this.#tick();
  }

  get size(): number {
    return this.#letters.size;
  }

  /** When a letter that is read now was delivered, at the earliest. */
  get deliveredAt(): number {
    return this.#readAt;
  }

  add(letter: Letter): void {
    this.#letters.add(letter);
  }

  delete(letter: Letter): void {
    this.#letters.delete(letter);
  }

  /** Whether this instance still holds it. */
  holds(letter: Letter): boolean {
    if (!letter.lost && !letter.held) this.#lose(letter);
    return !letter.lost;
  }

  /** Tells the server of none any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #tick(): void {
    this.#readAt = performance.now();
    this.#timer = setTimeout(this.#look, interval).unref();
  }

  readonly #look = async (): Promise<void> => {
    const now = performance.now();
    for (const letter of this.#letters) if (this.holds(letter) && now - letter.knownAt >= signEvery) this.#sign(letter);
    // HOLDS-2: after this process stood still, what waits in its socket comes first.
    if (now - this.#readAt > interval + usual) for (let turns = 0; turns < 3; turns++) await turn();
    if (!this.#stopped) this.#tick();
  };

  #sign(letter: Letter): void {
    const now = performance.now();
    if (this.#link.publish(letter.from.ackSubject, working)) letter.knownAt = now;
  }

  #lose(letter: Letter): void {
    this.#letters.delete(letter);
    letter.lose();
    this.#lost(letter);
  }
}
