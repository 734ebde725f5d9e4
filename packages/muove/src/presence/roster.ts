import type { Member } from "./member.js";
import { type Candidate, type Hash, hashOf, responsible } from "./rendezvous.js";

/** Why an instance is gone. */
export type Departure =
  /** It said goodbye, and takes no more messages. */
  | "closed"
  /** It no longer listens: its process or its connection ended. */
  | "gone"
  /** It listens but is silent: it hangs, or the path to it does. */
  | "silent";

/** Callbacks of a roster. */
export interface RosterEvents {
  up(member: Member): void;
  down(member: Member, reason: Departure): void;
  /** It was silent for too long and must be probed. */
  doubt(instance: string): void;
}

/** How long an instance may be silent, in ticks. */
export interface RosterPatience {
  readonly doubtAfter: number;
  /** Between one doubt and the next. */
  readonly doubtEvery: number;
  readonly silentAfter: number;
}

/** How many instances of a mailbox a roster holds. */
export const maxInstances = 4_096;

interface Entry extends Candidate {
  member: Member;
  /** Ticks since it was last heard. */
  silence: number;
  /** A goodbye came in its name, and it has not been probed since. */
  leaving: boolean;
}

/**
 * The instances of a mailbox, as far as one bus knows.
 *
 * ROSTER-1 For each instance, `up` and `down` alternate, `up` first, and each `down` has a reason.
 * ROSTER-2 Silence is counted in ticks of our own event loop, not in time. While the loop is blocked, no instance is
 *   silent.
 * ROSTER-3 A silent instance is doubted and probed first. `gone` and `silent` are never reported for an instance that
 *   has answered since.
 * ROSTER-4 It holds at most 4,096 instances. One that comes when it is full is added when there is room again and it is
 *   heard.
 * ROSTER-5 Handling a message from one instance costs the same however many there are: nothing is copied or walked.
 * ROSTER-6 An instance with no responders, according to the server, owns no key until it is heard again.
 */
export class Roster {
  readonly #events: RosterEvents;
  readonly #entries = new Map<string, Entry>();
  /** Instances that do not listen, according to the server, and were not heard since. */
  readonly #missed = new Set<string>();

  constructor(events: RosterEvents) {
    this.#events = events;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether it is full. */
  get full(): boolean {
    return this.#entries.size >= maxInstances;
  }

  /** The instances in the order of arrival. */
  get members(): Member[] {
    return Array.from(this.#entries.values(), ({ member }) => member);
  }

  /** A known instance, or undefined. */
  member(instance: string): Member | undefined {
    return this.#entries.get(instance)?.member;
  }

  /** The owner of a key, except for excluded instances. Undefined if none is left. */
  responsible(key: Hash, except: ReadonlySet<string>): string | undefined {
    return responsible(
      key,
      this.#entries.values(),
      ({ instance }) => except.has(instance) || this.#missed.has(instance),
    );
  }

  /** An instance answered a query and described itself. */
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

  /** An instance was heard. This does not add an unknown one. */
  heard(instance: string, degraded: boolean): void {
    const known = this.#entries.get(instance);
    if (known === undefined) return;
    this.#heard(known);
    if (known.member.degraded !== degraded) known.member = { ...known.member, degraded };
  }

  /** A goodbye came for an instance. If it is not there, it counts as closed. */
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

  /** The server says that an instance does not listen. If a goodbye came before, it has left. */
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

  /** All instances that do not listen are gone. */
  dropMissed(): void {
    for (const instance of this.#missed) this.left(instance, "gone");
  }

  /** One tick of our event loop has passed. */
  tick({ doubtAfter, doubtEvery, silentAfter }: RosterPatience): void {
    for (const [instance, entry] of this.#entries) {
      entry.silence++;
      if (entry.silence >= silentAfter) this.left(instance, "silent");
      else if (entry.silence >= doubtAfter && (entry.silence - doubtAfter) % doubtEvery === 0)
        this.#events.doubt(instance);
    }
  }

  /** Starts over: from now on each instance counts as silent for that many ticks. */
  retake(ticks: number): void {
    for (const entry of this.#entries.values()) entry.silence = ticks;
  }

  #heard(entry: Entry): void {
    entry.silence = 0;
    this.#missed.delete(entry.instance);
  }
}
