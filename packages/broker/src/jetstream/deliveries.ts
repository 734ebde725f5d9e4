import { performance, wallClock } from "../timers.js";
import type { Delivery } from "./advisories.js";
import { Alarm } from "./alarm.js";
import type { ConsumerConfig } from "./consumer-config.js";
import type { House } from "./house.js";
import type { Progress, Waits } from "./progress.js";
import type { StoredMessage } from "./stored-message.js";
import { milliseconds } from "./units.js";

/** Timers look this much later, in ms, so that what is due then is. */
const late = 1;
/** How soon pending deliveries are looked at when something about them has changed, in ms. */
const soon = 10;
/** So many deliveries may be pending even if there is no room in the budget: what is acknowledged makes room. */
const always = 64;

/** The consumer whose deliveries these are. */
export interface DeliveryOwner {
  readonly name: string;
  /** The name of its stream. */
  readonly stream: string;
  readonly config: ConsumerConfig;
  /** The sequence of its stream's first message. */
  readonly first: number;
  /** It is done with a message. */
  settled(sequence: number): void;
  /** There may be something to deliver. */
  more(): void;
}

/**
 * What a consumer has delivered, until it is settled.
 *
 * DELIVERIES-1 A delivery is pending until it is acknowledged or terminated, or its message is removed.
 * DELIVERIES-2 It is repeated after `ack_wait` without a sign of its holder, or a nak, up to `max_deliver` times.
 * DELIVERIES-3 After `close()` there is no timer, and nothing of the budget is taken.
 */
export class Deliveries {
  readonly #house: House;
  readonly #owner: DeliveryOwner;
  readonly #progress: Progress;
  readonly #alarm = new Alarm(() => this.#review());
  /** Something was not delivered because there was no room in the budget. */
  #starved = false;
  lastDelivery: number | undefined;
  lastAck: number | undefined;

  constructor(house: House, owner: DeliveryOwner, progress: Progress) {
    this.#house = house;
    this.#owner = owner;
    this.#progress = progress;
  }

  /** Whether no more may be pending. */
  get full(): boolean {
    const { pending, redelivered } = this.#progress;
    const { max_ack_pending = 0 } = this.#owner.config;
    this.#starved = pending.size + redelivered.size >= always && !this.#progress.hasRoom;
    return this.#starved || this.#atMost(max_ack_pending);
  }

  /** A message was delivered. */
  add(sequence: number): void {
    const progress = this.#progress;
    const count = (progress.redelivered.get(sequence) ?? 0) + 1;
    this.#house.chronicle.tell({ op: "delivered", ...this.#about, sequence, next: progress.next, count });
    const delivery = progress.nextDelivery++;
    this.lastDelivery = wallClock.now();
    if (this.#owner.config.ack_policy === "none") {
      progress.deliveryFloor = delivery;
      progress.sequenceFloor = sequence;
      this.#owner.settled(sequence);
      return;
    }
    progress.hold(sequence, delivery);
    const waits = this.#waits;
    const wait = waits[Math.min(progress.redelivered.get(sequence) ?? 0, waits.length - 1)] as number;
    this.#alarm.setEarlier(wait + late);
  }

  /** Returns whether it could be. */
  acknowledge({ sequence, delivery }: Delivery): boolean {
    const progress = this.#progress;
    if (sequence >= progress.next) return false;
    const { ack_policy, max_ack_pending = 0 } = this.#owner.config;
    const stalled = this.#starved || this.#atMost(max_ack_pending);
    let settled: readonly number[] | undefined = [sequence];
    if (ack_policy === "explicit") progress.acknowledge(sequence);
    else settled = progress.acknowledgeUpTo(sequence, delivery);
    if (settled === undefined) return true;
    this.#house.chronicle.tell({ op: "acknowledged", ...this.#about, sequence, delivery });
    this.lastAck = wallClock.now();
    for (const each of new Set([...settled, sequence])) this.#owner.settled(each);
    if (stalled) this.#owner.more();
    return true;
  }

  /** It is to be delivered again. @param delay in ms; undefined for at once. */
  refuse(delivery: Delivery, delay: number | undefined): void {
    const progress = this.#progress;
    const { sequence, delivery: number } = delivery;
    if (number <= progress.deliveryFloor || number > progress.nextDelivery || !progress.pending.has(sequence)) return;
    this.#house.advisories.refused(this.#owner.stream, this.#owner.name, delivery);
    if (delay === undefined) {
      progress.again(sequence);
      this.#owner.more();
      return;
    }
    progress.delay(sequence, performance.now() + delay, milliseconds(this.#owner.config.ack_wait ?? 0));
    this.#alarm.setEarlier(soon);
  }

  /** It is not to be delivered again. Returns whether it could be acknowledged. */
  terminate(delivery: Delivery, reason: string): boolean {
    const done = this.acknowledge(delivery);
    this.#house.advisories.terminated(this.#owner.stream, this.#owner.name, delivery, reason);
    return done;
  }

  /** Its holder gave a sign of life. */
  refresh({ sequence }: Delivery): void {
    this.#progress.refresh(sequence);
  }

  /** Its message was removed from the stream. */
  removed({ sequence }: StoredMessage): void {
    const held = this.#progress.pending.get(sequence);
    const delivered = this.#progress.redelivered.get(sequence) ?? 0;
    if (held === undefined) this.#progress.forget(sequence);
    else this.terminate({ sequence, delivery: held.delivery, delivered }, "Unacknowledged message was deleted");
  }

  /** The configuration has changed. */
  configured(): void {
    if (this.#progress.pending.size > 0) this.#alarm.set(soon);
  }

  /** Whether a message was delivered as often as it may be. It stays in its stream. */
  readonly exhausted = (sequence: number, deliveries: number): boolean => {
    const { max_deliver } = this.#owner.config;
    if (max_deliver < 0 || deliveries < max_deliver) return false;
    if (deliveries === max_deliver) {
      this.#house.advisories.maxDeliveries(this.#owner.stream, this.#owner.name, sequence, deliveries);
    }
    this.#progress.abandon(sequence);
    return true;
  };

  close(): void {
    this.#alarm.stop();
    this.#progress.clear();
  }

  get #about() {
    return { stream: this.#owner.stream, consumer: this.#owner.name };
  }

  get #waits(): Waits {
    const { backoff, ack_wait = 0 } = this.#owner.config;
    return (backoff ?? [ack_wait]).map(milliseconds);
  }

  #atMost(most: number): boolean {
    return most > 0 && this.#progress.pending.size >= most;
  }

  #review(): void {
    const progress = this.#progress;
    const { late: overdue, next } = progress.overdue(this.#waits, this.#owner.first);
    for (const sequence of overdue) {
      // As nats-server counts here: the second delivery is noticed only when there is a request for a third one.
      const deliveries = Math.max(1, progress.redelivered.get(sequence) ?? 1);
      if (this.exhausted(sequence, deliveries)) progress.countedAgain(sequence, deliveries);
      else {
        progress.again(sequence);
        progress.refresh(sequence);
      }
    }
    this.#owner.more();
    if (progress.pending.size > 0) this.#alarm.set(next + late);
    else progress.raiseFloors();
  }
}
