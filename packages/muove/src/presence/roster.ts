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

interface Entry {
  member: Member;
  readonly hash: Hash;
  /** Ticks since it was heard. */
  silence: number;
  /** The server has said since that it does not listen. */
  missed: boolean;
}

/**
 * Who serves a mailbox, as far as one bus knows.
 *
 * T1 For each instance `up` and `down` take turns, `up` first, and each `down` has a reason.
 * T2 Silence is counted in ticks of our own loop, not in time: while the loop stands still nobody is silent.
 * T3 Whoever is silent is doubted first, and asked; `gone` and `silent` are told of nobody who has answered since.
 */
export class Roster {
  readonly #events: RosterEvents;
  readonly #entries = new Map<string, Entry>();

  constructor(events: RosterEvents) {
    this.#events = events;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Who is there, in the order in which they came. */
  get members(): Member[] {
    return [...this.#entries.values()].map(({ member }) => member);
  }

  has(instance: string): boolean {
    return this.#entries.has(instance);
  }

  /** Who is responsible for a key, but for some; nothing when nobody is left. */
  responsible(key: Hash, except: ReadonlySet<string>): string | undefined {
    return responsible(key, this.#candidates(except));
  }

  /** An instance said who it is. */
  introduced(member: Member): void {
    const known = this.#entries.get(member.instance);
    if (known !== undefined) {
      heard(known);
      known.member = member;
      return;
    }
    this.#entries.set(member.instance, { member, hash: hashOf(member.instance), silence: 0, missed: false });
    this.#events.up(member);
  }

  /** An instance was heard. False: it is unknown. */
  heard(instance: string, degraded: boolean): boolean {
    const known = this.#entries.get(instance);
    if (known === undefined) return false;
    heard(known);
    if (known.member.degraded !== degraded) known.member = { ...known.member, degraded };
    return true;
  }

  left(instance: string, reason: Departure): void {
    const known = this.#entries.get(instance);
    if (known === undefined) return;
    this.#entries.delete(instance);
    this.#events.down(known.member, reason);
  }

  /** The server says that an instance does not listen. */
  miss(instance: string): void {
    const known = this.#entries.get(instance);
    if (known !== undefined) known.missed = true;
  }

  /** The server says that nobody listens. */
  missAll(): void {
    for (const entry of this.#entries.values()) entry.missed = true;
  }

  /** Whoever is missed is gone. */
  dropMissed(): void {
    for (const [instance, { missed }] of [...this.#entries]) if (missed) this.left(instance, "gone");
  }

  /** Our loop has turned for a while. */
  tick({ doubtAfter, doubtEvery, silentAfter }: RosterPatience): void {
    for (const [instance, entry] of [...this.#entries]) {
      entry.silence++;
      if (entry.silence >= silentAfter) this.left(instance, "silent");
      else if (entry.silence >= doubtAfter && (entry.silence - doubtAfter) % doubtEvery === 0)
        this.#events.doubt(instance);
    }
  }

  *#candidates(except: ReadonlySet<string>): Generator<Candidate> {
    for (const [instance, { hash }] of this.#entries) if (!except.has(instance)) yield { instance, hash };
  }

  /** Begins anew: from now on everybody counts as not heard of for so many ticks. */
  retake(ticks: number): void {
    for (const entry of this.#entries.values()) entry.silence = ticks;
  }
}

function heard(entry: Entry): void {
  entry.silence = 0;
  entry.missed = false;
}
