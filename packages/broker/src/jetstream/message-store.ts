import type { Budget } from "../bounds/budget.js";
import { matcher } from "../subjects/subjects.js";
import { wallClock } from "../timers.js";
import { SparseList } from "./sparse-list.js";
import { type StoredMessage, weightOf } from "./stored-message.js";

/** The messages of one subject: its first and its last, and how many there are. */
export interface SubjectMessages {
  first: StoredMessage;
  last: StoredMessage;
  count: number;
}

/** Hears of what happens to the messages. */
export interface StoreListener {
  /** A message was removed, by itself. */
  removed(message: StoredMessage): void;
  /** Something is to be written down. */
  happened(op: "message" | "skipped" | "removed" | "compacted", sequence: number, message?: StoredMessage): void;
}

/**
 * The messages of a stream, in memory.
 *
 * STORE-1 `first` is the sequence of the first message; `last + 1` if there is none.
 * STORE-2 `last` never decreases: no sequence is given twice.
 * STORE-3 `bytes` is the sum of the sizes, and the budget has taken the weights of exactly the messages that are here.
 * STORE-4 `subjects` has the chain of each subject's messages, by sequence.
 */
export class MessageStore {
  readonly subjects = new Map<string, SubjectMessages>();
  readonly #messages = new SparseList<StoredMessage>();
  readonly #budget: Budget;
  readonly #listener: StoreListener;
  #first: number;
  #last: number;
  #bytes = 0;
  #lastAt: number | undefined;
  #skippedAt: number | undefined;

  /** @param first the first sequence that is given. @param listener is called afterwards. */
  constructor(budget: Budget, first: number, listener: StoreListener) {
    this.#budget = budget;
    this.#listener = listener;
    // nats-server says 0 until there was a message.
    this.#first = first > 1 ? first : 0;
    this.#last = Math.max(0, first - 1);
  }

  get count(): number {
    return this.#messages.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get first(): number {
    return this.#first;
  }

  get last(): number {
    return this.#last;
  }

  /** When the last message was stored, in ms since the epoch, also if it is gone. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  /** When the first message was stored; if there is none, when one was that was not kept. */
  get firstAt(): number | undefined {
    return this.get(this.#first)?.at ?? this.#skippedAt;
  }

  get(sequence: number): StoredMessage | undefined {
    return this.#messages.get(sequence);
  }

  /** The first message from a sequence on. */
  next(from: number): StoredMessage | undefined {
    return this.#messages.next(Math.max(from, this.#first), this.#last);
  }

  /** Adds the message with the sequence `last + 1`. */
  add(message: StoredMessage): void {
    if (this.#messages.size === 0) this.#first = message.sequence;
    this.#last = message.sequence;
    this.#lastAt = message.at;
    this.#skippedAt = undefined;
    this.#messages.add(message.sequence, message);
    this.#bytes += message.size;
    this.#budget.take(weightOf(message));
    this.#chain(message);
    this.#listener.happened("message", message.sequence, message);
  }

  /** Gives a sequence to a message that is not kept. */
  skip(): number {
    this.#last++;
    this.#lastAt = wallClock.now();
    if (this.#messages.size === 0) {
      this.#first = this.#last + 1;
      this.#skippedAt = this.#lastAt;
    }
    this.#listener.happened("skipped", this.#last);
    return this.#last;
  }

  remove(message: StoredMessage): void {
    this.drop(message);
    this.#listener.removed(message);
  }

  /**
   * Removes all messages before a sequence without telling of each. It is the next one to be given if it lies behind the
   * last one.
   */
  compact(sequence: number): number {
    let purged = 0;
    for (let message = this.next(0); message !== undefined && message.sequence < sequence; message = this.next(0)) {
      this.#take(message);
      purged++;
    }
    if (sequence > this.#last) {
      this.#last = sequence - 1;
      this.#first = sequence;
    }
    this.#listener.happened("compacted", sequence);
    return purged;
  }

  /** The next sequence follows this one, or the last one that was given. */
  goOnAfter(sequence: number): void {
    this.#last = Math.max(this.#last, sequence);
    if (this.#messages.size === 0) this.#first = this.#last + 1;
  }

  /** Drops everything without telling anybody. */
  discard(): void {
    for (const { last } of this.subjects.values()) {
      for (let each: StoredMessage | undefined = last; each !== undefined; each = each.earlier) {
        this.#budget.giveBack(weightOf(each));
      }
    }
    this.#messages.clear();
    this.subjects.clear();
    this.#bytes = 0;
  }

  /** The last message on a subject, which may have wildcards. */
  lastOn(pattern: string): StoredMessage | undefined {
    let found: StoredMessage | undefined = this.subjects.get(pattern)?.last;
    if (found !== undefined) return found;
    for (const { last } of this.matching(pattern)) {
      if (found === undefined || last.sequence > found.sequence) found = last;
    }
    return found;
  }

  /** The subjects that match a pattern. */
  *matching(pattern: string): Generator<SubjectMessages> {
    const matches = matcher(pattern);
    for (const [subject, messages] of this.subjects) if (matches(subject)) yield messages;
  }

  /** Removes a message without telling of it. */
  drop(message: StoredMessage): void {
    this.#take(message);
    this.#listener.happened("removed", message.sequence);
  }

  #take(message: StoredMessage): void {
    this.#messages.remove(message.sequence);
    this.#bytes -= message.size;
    this.#budget.giveBack(weightOf(message));
    this.#unchain(message);
    if (message.sequence === this.#first) {
      this.#first = this.#messages.next(this.#first, this.#last)?.sequence ?? this.#last + 1;
    }
  }

  #chain(message: StoredMessage): void {
    const known = this.subjects.get(message.subject);
    if (known === undefined) {
      this.subjects.set(message.subject, { first: message, last: message, count: 1 });
      return;
    }
    message.earlier = known.last;
    known.last.later = message;
    known.last = message;
    known.count++;
  }

  #unchain(message: StoredMessage): void {
    const { earlier, later, subject } = message;
    const known = this.subjects.get(subject) as SubjectMessages;
    if (earlier !== undefined) earlier.later = later;
    if (later !== undefined) later.earlier = earlier;
    if (known.first === message && later !== undefined) known.first = later;
    if (known.last === message && earlier !== undefined) known.last = earlier;
    message.earlier = undefined;
    message.later = undefined;
    if (--known.count === 0) this.subjects.delete(subject);
  }
}
