import type { Budget } from "../bounds/budget.js";
import { performance } from "../timers.js";

/** A delivery that waits for its acknowledgement. */
interface Pending {
  /** The number of the delivery. */
  readonly delivery: number;
  /** When its holder was last heard of, on the monotonic clock, in ms. */
  at: number;
}

/** What a pending delivery takes of memory, and the count of one that was repeated, by an estimate. */
const weight = 200;
const countWeight = 100;

/** How long a delivery may wait: after its first delivery, after its second, and so on; the last one for all others. */
export type Waits = readonly number[];

/** All that is known of it, but for when holders were last heard of. */
export interface ProgressImage {
  readonly next: number;
  readonly nextDelivery: number;
  readonly floors: readonly [delivery: number, sequence: number];
  readonly pending: readonly (readonly [sequence: number, delivery: number])[];
  readonly redelivered: readonly (readonly [sequence: number, count: number])[];
}

/**
 * How far a consumer has come, in the stream and in its own deliveries.
 *
 * PROGRESS-1 `next` is the sequence that is looked at next; every message of its before that was delivered or skipped.
 * PROGRESS-2 The floors are the highest delivery and the highest sequence up to which all is acknowledged.
 * PROGRESS-3 What is to be delivered again is pending, or has been acknowledged meanwhile and is skipped.
 * PROGRESS-4 `redelivered` counts the deliveries after the first one, until the message is acknowledged.
 */
export class Progress {
  next: number;
  nextDelivery = 1;
  deliveryFloor = 0;
  sequenceFloor = 0;
  readonly pending = new Map<number, Pending>();
  readonly redelivered = new Map<number, number>();
  readonly #again = new Set<number>();
  readonly #budget: Budget;

  constructor(next: number, budget: Budget) {
    this.next = next;
    this.#budget = budget;
  }

  get image(): ProgressImage {
    const { next, nextDelivery, deliveryFloor, sequenceFloor, redelivered } = this;
    const pending = [...this.pending].map(([sequence, { delivery }]) => [sequence, delivery] as const);
    return { next, nextDelivery, floors: [deliveryFloor, sequenceFloor], pending, redelivered: [...redelivered] };
  }

  restore({ next, nextDelivery, floors: [delivery, sequence], pending, redelivered }: ProgressImage): void {
    this.clear();
    this.next = next;
    this.nextDelivery = nextDelivery;
    this.deliveryFloor = delivery;
    this.sequenceFloor = sequence;
    for (const [each, number] of pending) this.hold(each, number);
    for (const [each, count] of redelivered) this.countedAgain(each, count);
  }

  /** Whether the budget has room for one more that is pending. */
  get hasRoom(): boolean {
    return this.#budget.hasRoomFor(weight);
  }

  /** How many are to be delivered again. */
  get againCount(): number {
    return this.#again.size;
  }

  /** Takes the next one of those that are to be delivered again. */
  takeAgain(): number | undefined {
    const [sequence] = this.#again;
    if (sequence !== undefined) this.#again.delete(sequence);
    return sequence;
  }

  /** Counts one more delivery of a message, and returns how many there were. */
  countAgain(sequence: number): number {
    const count = (this.redelivered.get(sequence) ?? 0) + 1;
    this.countedAgain(sequence, count);
    return count + 1;
  }

  countedAgain(sequence: number, count: number): void {
    if (!this.redelivered.has(sequence)) this.#budget.take(countWeight);
    this.redelivered.set(sequence, count);
  }

  /** A delivery that was counted did not happen. */
  uncountAgain(sequence: number): void {
    this.countedAgain(sequence, (this.redelivered.get(sequence) ?? 0) - 1);
  }

  again(sequence: number): void {
    this.#again.add(sequence);
  }

  /** A message was delivered, and waits for its acknowledgement. */
  hold(sequence: number, delivery: number): void {
    const known = this.pending.get(sequence);
    if (known !== undefined) known.at = performance.now();
    else {
      this.pending.set(sequence, { delivery, at: performance.now() });
      this.#budget.take(weight);
    }
  }

  /** Its holder gave a sign of life. */
  refresh(sequence: number): void {
    const known = this.pending.get(sequence);
    if (known !== undefined) known.at = performance.now();
  }

  /** It is to be delivered again at a time. */
  delay(sequence: number, at: number, wait: number): void {
    this.#again.delete(sequence);
    const known = this.pending.get(sequence);
    if (known !== undefined) known.at = at - wait;
  }

  /** One message was acknowledged. */
  acknowledge(sequence: number): void {
    const known = this.pending.get(sequence);
    if (known !== undefined) {
      this.#drop(sequence);
      if (this.pending.size === 0) this.raiseFloors();
      else if (known.delivery === this.deliveryFloor + 1) this.#raise(known.delivery, sequence);
    }
    this.#uncount(sequence);
    this.#again.delete(sequence);
  }

  /** All messages up to one were acknowledged. Returns those that were pending, or undefined if nothing changes. */
  acknowledgeUpTo(sequence: number, delivery: number): number[] | undefined {
    if (delivery <= this.deliveryFloor || sequence <= this.sequenceFloor) return undefined;
    this.deliveryFloor = delivery;
    this.sequenceFloor = sequence;
    const covered = [...this.pending.keys()].filter((each) => each <= sequence);
    for (const each of covered) this.forget(each);
    return covered;
  }

  /** It will not be delivered again, whatever was counted. */
  abandon(sequence: number): void {
    this.#drop(sequence);
  }

  forget(sequence: number): void {
    this.#drop(sequence);
    this.#uncount(sequence);
    this.#again.delete(sequence);
  }

  /** Everything that was delivered is acknowledged. */
  raiseFloors(): void {
    this.deliveryFloor = this.nextDelivery - 1;
    this.sequenceFloor = this.next - 1;
  }

  /** The messages before a sequence are gone. @param there whether a later one still is. */
  purge(sequence: number, there: (sequence: number) => boolean): void {
    this.next = Math.max(this.next, sequence);
    if (this.sequenceFloor < sequence) {
      this.sequenceFloor = sequence - 1;
      for (const [each, { delivery }] of [...this.pending]) {
        if (each > this.sequenceFloor && there(each)) continue;
        this.deliveryFloor = Math.max(this.deliveryFloor, delivery);
        this.nextDelivery = Math.max(this.nextDelivery, this.deliveryFloor);
        this.forget(each);
      }
    }
    if (this.pending.size > 0) return;
    this.#uncountAll();
    this.#again.clear();
    this.raiseFloors();
  }

  /**
   * What has waited too long, in order, and the time in ms until the next one has. What is before `first` is forgotten.
   */
  overdue(waits: Waits, first: number): { readonly late: number[]; readonly next: number } {
    const now = performance.now();
    const late: number[] = [];
    let next = waits.at(-1) as number;
    for (const [sequence, { delivery, at }] of [...this.pending]) {
      if (sequence < first || sequence <= this.sequenceFloor) {
        this.forget(sequence);
        this.sequenceFloor = Math.max(this.sequenceFloor, sequence);
        this.deliveryFloor = Math.max(this.deliveryFloor, delivery);
        continue;
      }
      const count = Math.max(0, this.redelivered.get(sequence) ?? 0);
      const remaining = at + waitAfter(waits, count) - now;
      next = Math.min(next, waitAfter(waits, count + 1));
      if (remaining > 0) next = Math.min(next, remaining);
      else if (!this.#again.has(sequence)) late.push(sequence);
    }
    return { late: late.sort((a, b) => a - b), next };
  }

  clear(): void {
    for (const sequence of [...this.pending.keys()]) this.forget(sequence);
    this.#uncountAll();
  }

  #uncount(sequence: number): void {
    if (this.redelivered.delete(sequence)) this.#budget.giveBack(countWeight);
  }

  #uncountAll(): void {
    for (const sequence of [...this.redelivered.keys()]) this.#uncount(sequence);
  }

  #drop(sequence: number): void {
    if (this.pending.delete(sequence)) this.#budget.giveBack(weight);
  }

  /** As far as no other one is pending. */
  #raise(delivery: number, sequence: number): void {
    this.deliveryFloor = delivery;
    this.sequenceFloor = sequence;
    // What is pending is in the order of its first delivery.
    for (const [each, held] of this.pending) {
      if (each <= sequence) continue;
      this.deliveryFloor = held.delivery - 1;
      this.sequenceFloor = each - 1;
      return;
    }
  }
}

const waitAfter = (waits: Waits, deliveries: number): number => waits[Math.min(deliveries, waits.length - 1)] as number;
