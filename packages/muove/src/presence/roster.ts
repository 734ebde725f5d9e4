import type { Member } from "./member.js";
import { type Candidate, type Hash, hashOf, responsible } from "./rendezvous.js";

/** Why an instance is not there any more. */
export type Departure =
  /** It said goodbye, and takes no more messages. */
  | "closed"
  /** It listens no more: its process ended, or its connection did. */
  | "gone"
  /** It listens, and says nothing: it hangs, or the way to it does. */
  | "silent";

/** What comes of what a roster hears. */
export interface RosterEvents {
  up(member: Member): void;
  down(member: Member, reason: Departure): void;
  /** It was not heard for too long: is it still there? */
  doubt(instance: string): void;
}

/** How long silence may be, in ticks. */
export interface RosterPatience {
  readonly doubtAfter: number;
  /** From one doubt to the next. */
  readonly doubtEvery: number;
  readonly silentAfter: number;
}

/** How many instances of a mailbox a roster holds. */
export const mostInstances = 4_096;

interface Entry extends Candidate {
  member: Member;
  /** Ticks since it was heard. */
  silence: number;
  /** Somebody has said in its name that it leaves, and it has not been asked since. */
  leaving: boolean;
}

/**
 * Who serves a mailbox, as far as one bus knows.
 *
 * ROSTER-1 For each instance `up` and `down` take turns, `up` first, and each `down` has a reason.
 * ROSTER-2 Silence is counted in ticks of our own loop, not in time: while the loop stands still nobody is silent.
 * ROSTER-3 Whoever is silent is doubted first, and asked; `gone` and `silent` are told of nobody who has answered
 *   since.
 * ROSTER-4 It holds no more than 4,096 instances. Who comes when it is full is known when there is room again, and it
 *   is heard.
 * ROSTER-5 What is heard of one instance costs the same however many there are: nothing is copied or walked for it.
 * ROSTER-6 Whoever the server misses is responsible for no key until it is heard again.
 */
export class Roster {
  readonly #events: RosterEvents;
  readonly #entries = new Map<string, Entry>();
  /** Those of whom the server has said, since they were heard, that they do not listen. */
  readonly #missed = new Set<string>();

  constructor(events: RosterEvents) {
    this.#events = events;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether there is no room for one more. */
  get full(): boolean {
    return this.#entries.size >= mostInstances;
  }

  /** Who is there, in the order in which they came. */
  get members(): Member[] {
    return Array.from(this.#entries.values(), ({ member }) => member);
  }

  /** What is known of an instance; nothing when it is not there. */
  member(instance: string): Member | undefined {
    return this.#entries.get(instance)?.member;
  }

  /** Who is responsible for a key, but for some; nothing when nobody is left. */
  responsible(key: Hash, except: ReadonlySet<string>): string | undefined {
    return responsible(
      key,
      this.#entries.values(),
      ({ instance }) => except.has(instance) || this.#missed.has(instance),
    );
  }

  /** An instance itself said, when it was asked, who it is, and that it is there. */
  introduced(member: Member): void {
    const { instance } = member;
    const known = this.#entries.get(instance);
    if (known !== undefined) {
      this.#heard(known);
      known.leaving = false;
      known.member = member;
      return;
    }
    if (this.full) return; // ROSTER-4
    this.#entries.set(instance, { instance, member, hash: hashOf(instance), silence: 0, leaving: false });
    this.#events.up(member);
  }

  /** An instance was heard. Somebody unknown is not made known by that. */
  heard(instance: string, degraded: boolean): void {
    const known = this.#entries.get(instance);
    if (known === undefined) return;
    this.#heard(known);
    if (known.member.degraded !== degraded) known.member = { ...known.member, degraded };
  }

  /** Somebody says that an instance leaves: it is closed, if it is not there. */
  leaves(instance: string): void {
    const known = this.#entries.get(instance);
    if (known !== undefined) known.leaving = true;
  }

  left(instance: string, reason: Departure): void {
    const known = this.#entries.get(instance);
    if (known === undefined) return;
    this.#entries.delete(instance);
    this.#missed.delete(instance);
    this.#events.down(known.member, known.leaving ? "closed" : reason);
  }

  /** The server says that an instance does not listen. One that said that it leaves has left. */
  miss(instance: string): void {
    const known = this.#entries.get(instance);
    if (known === undefined) return;
    if (known.leaving) this.left(instance, "closed");
    else this.#missed.add(instance);
  }

  /** The server says that nobody listens. */
  missAll(): void {
    for (const instance of this.#entries.keys()) this.miss(instance);
  }

  /** Whoever is missed is gone. */
  dropMissed(): void {
    for (const instance of this.#missed) this.left(instance, "gone");
  }

  /** Our loop has turned for a while. */
  tick({ doubtAfter, doubtEvery, silentAfter }: RosterPatience): void {
    for (const [instance, entry] of this.#entries) {
      entry.silence++;
      if (entry.silence >= silentAfter) this.left(instance, "silent");
      else if (entry.silence >= doubtAfter && (entry.silence - doubtAfter) % doubtEvery === 0)
        this.#events.doubt(instance);
    }
  }

  /** Begins anew: from now on everybody counts as not heard of for so many ticks. */
  retake(ticks: number): void {
    for (const entry of this.#entries.values()) entry.silence = ticks;
  }

  #heard(entry: Entry): void {
    entry.silence = 0;
    this.#missed.delete(entry.instance);
  }
}
