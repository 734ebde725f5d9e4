import type { Budget } from "../bounds/budget.js";
import { type ConsumerConfig, filtersOf } from "./consumer-config.js";
import { Filters } from "./filters.js";
import type { MessageStore } from "./message-store.js";
import { Progress, type ProgressImage } from "./progress.js";
import { startingPoint } from "./starting-point.js";
import type { StoredMessage } from "./stored-message.js";

/** A message that is to be delivered, and which delivery of it this is. */
export interface Upcoming {
  readonly message: StoredMessage;
  readonly count: number;
}

/** Whether a message was delivered as often as it may be. @param deliveries how often it was. */
export type Exhausted = (sequence: number, deliveries: number) => boolean;

/**
 * Which message of a stream comes next for a consumer: those that are to be delivered again first, then the new ones.
 *
 * CURSOR-1 `ahead` is how many of its messages it has not come to.
 * CURSOR-2 What was taken and could not be delivered comes again.
 */
export class Cursor {
  readonly progress: Progress;
  ahead: number;
  readonly #store: MessageStore;
  #filters: Filters;
  /** With `last_per_subject`: what comes first, and where it goes on then. */
  #firsts: number[];
  readonly #resume: number;

  constructor(store: MessageStore, config: ConsumerConfig, budget: Budget) {
    this.#store = store;
    this.#filters = new Filters(filtersOf(config));
    const { next, firsts, resume } = startingPoint(config, this.#filters, store);
    this.progress = new Progress(next, budget);
    this.#firsts = [...firsts];
    this.#resume = resume;
    this.ahead = firsts.length > 0 ? firsts.length : this.#count();
  }

  /** The subjects that it takes, as keys; none for all. */
  get filters(): readonly string[] {
    return this.#filters.subjects;
  }

  get firsts(): readonly number[] {
    return this.#firsts;
  }

  restore(image: ProgressImage, firsts: readonly number[]): void {
    this.progress.restore(image);
    this.#firsts = [...firsts];
  }

  /** It has delivered a message before this process began. */
  passed(sequence: number, next: number): void {
    this.progress.next = next;
    this.#firsts = this.#firsts.filter((each) => each !== sequence);
  }

  recount(): void {
    this.ahead = this.#firsts.length > 0 ? this.#firsts.length : this.#count();
  }

  matches(subject: string): boolean {
    return this.#filters.matches(subject);
  }

  filter(subjects: readonly string[]): void {
    this.#filters = new Filters(subjects);
    this.ahead = this.#count();
  }

  /** A message was removed from the stream. */
  removed({ sequence, subject }: StoredMessage): void {
    if (sequence >= this.progress.next && this.matches(subject)) this.ahead = Math.max(0, this.ahead - 1);
  }

  /** The messages before a sequence were removed. @param some whether later ones may have been, too. */
  purged(sequence: number, some: boolean): void {
    this.progress.purge(sequence, (each) => !some || this.#store.get(each) !== undefined);
    this.ahead = this.#count();
  }

  /** Whether a message must be kept for it. @param explicit whether each one is acknowledged by itself. */
  needs({ sequence, subject }: StoredMessage, explicit: boolean): boolean {
    if (!this.matches(subject)) return false;
    const { next, sequenceFloor, pending, redelivered } = this.progress;
    if (redelivered.has(sequence)) return true;
    if (sequence <= sequenceFloor) return false;
    return !explicit || sequence >= next || pending.has(sequence);
  }

  /** The next one of those that are to be delivered again. */
  takeAgain(exhausted: Exhausted): Upcoming | undefined {
    const { progress } = this;
    for (let sequence = progress.takeAgain(); sequence !== undefined; sequence = progress.takeAgain()) {
      const count = progress.countAgain(sequence);
      if (exhausted(sequence, count - 1)) continue;
      const message = this.#store.get(sequence);
      if (message !== undefined) return { message, count };
      progress.uncountAgain(sequence);
    }
    return undefined;
  }

  /** The next one that was not delivered before. */
  takeNew(): Upcoming | undefined {
    while (this.#firsts.length > 0) {
      const message = this.#takeFirst();
      if (message !== undefined) return { message, count: 1 };
    }
    const { progress } = this;
    for (;;) {
      const message = this.#store.next(progress.next);
      progress.next = message === undefined ? Math.max(progress.next, this.#store.last + 1) : message.sequence + 1;
      if (message === undefined || this.matches(message.subject)) return message && { message, count: 1 };
    }
  }

  /** It was not delivered. */
  giveBack({ message: { sequence }, count }: Upcoming): void {
    if (count === 1 && sequence === this.progress.next - 1) this.progress.next = sequence;
    else {
      this.progress.uncountAgain(sequence);
      this.progress.again(sequence);
    }
  }

  #takeFirst(): StoredMessage | undefined {
    const message = this.#store.get(this.#firsts.shift() as number);
    if (this.#firsts.length === 0) this.progress.next = this.#resume;
    this.progress.next++;
    return message;
  }

  #count(): number {
    const { next } = this.progress;
    let count = 0;
    for (const [subject, { first, last, count: all }] of this.#store.subjects) {
      if (last.sequence < next || !this.matches(subject)) continue;
      if (first.sequence >= next) count += all;
      else for (let each: StoredMessage | undefined = last; each && each.sequence >= next; each = each.earlier) count++;
    }
    return count;
  }
}
