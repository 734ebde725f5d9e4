import { performance, wallClock } from "../timers.js";
import { readVerdict, type Verdict } from "./acknowledgement.js";
import type { Delivery } from "./advisories.js";
import { Alarm } from "./alarm.js";
import { type ConsumerConfig, filtersOf } from "./consumer-config.js";
import { Cursor, type Exhausted, type Upcoming } from "./cursor.js";
import type { House } from "./house.js";
import type { MessageStore } from "./message-store.js";
import type { Progress, Waits } from "./progress.js";
import { beyondLimits, readPullRequest } from "./pull-request.js";
import { PullRequests } from "./pull-requests.js";
import type { Deliverer } from "./pump.js";
import type { StoredMessage } from "./stored-message.js";
import type { StreamConfig } from "./stream-config.js";
import { milliseconds, now, timestamp, toKey } from "./units.js";

/** How many messages are delivered per turn of the event loop. */
const slice = 256;
/** Timers look this much later, in ms, so that what is due then is. */
const late = 1;
/** How soon pending deliveries are looked at when something about them has changed, in ms. */
const soon = 10;

/** What a consumer needs from its stream. */
export interface ConsumerStream {
  readonly config: StreamConfig;
  readonly store: MessageStore;
  /** A consumer is done with a message. */
  settled(consumer: Consumer, sequence: number): void;
  /** An ephemeral consumer was not used for long. */
  unused(consumer: Consumer): void;
}

/**
 * A pull consumer of a stream.
 *
 * CONSUMER-1 A message is delivered when a request waits for it, and fewer than `max_ack_pending` deliveries are pending.
 * CONSUMER-2 A delivery is repeated after `ack_wait` without a sign of its holder, or a nak, up to `max_deliver` times.
 * CONSUMER-3 Once closed, it delivers nothing and has no timer.
 */
export class Consumer implements Deliverer {
  readonly name: string;
  readonly created = wallClock.now();
  readonly requests: PullRequests;
  readonly #house: House;
  readonly #stream: ConsumerStream;
  readonly #cursor: Cursor;
  readonly #acks = new Alarm(() => this.#reviewPending());
  readonly #waits = new Alarm(() => this.#house.pump.schedule(this));
  readonly #idle = new Alarm(() => this.#reviewUse());
  #config: ConsumerConfig;
  #lastDelivery: number | undefined;
  #lastAck: number | undefined;
  #closed = false;

  constructor(house: House, stream: ConsumerStream, name: string, config: ConsumerConfig) {
    this.name = name;
    this.#house = house;
    this.#stream = stream;
    this.#config = config;
    this.#cursor = new Cursor(stream.store, config, house.budget);
    this.requests = new PullRequests(house.outlet, house.budget, config.max_waiting);
    if (config.inactive_threshold) this.#idle.set(milliseconds(config.inactive_threshold));
  }

  get config(): ConsumerConfig {
    return this.#config;
  }

  get filters(): readonly string[] {
    return this.#cursor.filters;
  }

  /** What the API says of it. */
  info(): object {
    const { next, nextDelivery, deliveryFloor, sequenceFloor, pending, redelivered } = this.#progress;
    this.requests.review(false, this.#heartbeat);
    const active = (at: number | undefined) => at !== undefined && { last_active: timestamp(at) };
    return {
      stream_name: this.#stream.config.name,
      name: this.name,
      created: timestamp(this.created),
      config: this.#config,
      delivered: { consumer_seq: nextDelivery - 1, stream_seq: next - 1, ...active(this.#lastDelivery) },
      ack_floor: { consumer_seq: deliveryFloor, stream_seq: sequenceFloor, ...active(this.#lastAck) },
      num_ack_pending: pending.size,
      num_redelivered: redelivered.size,
      num_waiting: this.requests.size,
      num_pending: this.#cursor.ahead,
      ts: now(),
    };
  }

  update(config: ConsumerConfig): void {
    this.#config = config;
    this.#cursor.filter(filtersOf(config));
    if (this.#progress.pending.size > 0) this.#acks.set(soon);
    if (config.inactive_threshold) this.#idle.set(milliseconds(config.inactive_threshold));
    else this.#idle.stop();
    this.#house.pump.schedule(this);
  }

  /** A message was stored that it filters. */
  stored(): void {
    this.#cursor.ahead++;
    if (this.requests.size > 0) this.#house.pump.schedule(this);
  }

  /** A message was removed from the stream. */
  removed(message: StoredMessage): void {
    const { sequence } = message;
    this.#cursor.removed(message);
    const held = this.#progress.pending.get(sequence);
    if (held === undefined) return;
    const delivered = this.#progress.redelivered.get(sequence) ?? 0;
    this.#terminate({ sequence, delivery: held.delivery, delivered }, "Unacknowledged message was deleted");
  }

  /** The messages before a sequence were removed. @param some whether later ones may have been, too. */
  purged(sequence: number, some: boolean): void {
    this.#cursor.purged(sequence, some);
  }

  /** Whether a message must be kept for it, as nats-server decides it for streams with the retention `interest`. */
  needs(message: StoredMessage): boolean {
    return this.#cursor.needs(message, this.#config.ack_policy === "explicit");
  }

  /** Somebody asks for messages. */
  request(reply: string, body: Buffer): void {
    const { outlet, pump } = this.#house;
    const request = readPullRequest(reply, body);
    if (typeof request === "string") return outlet.status(reply, `400 Bad Request - ${request}`);
    const beyond = beyondLimits(request, this.#config);
    if (beyond !== undefined) return outlet.status(reply, beyond);
    if (request.noWait && this.#refuses(reply, request.expires)) return;
    if (this.requests.size >= this.requests.most) this.requests.review(false, this.#heartbeat);
    if (!this.requests.add(request)) outlet.status(reply, "409 Exceeded MaxWaiting");
    else pump.schedule(this);
  }

  /** An acknowledgement, or what else becomes of a delivery. */
  verdict(delivery: Delivery, reply: string, body: Buffer): void {
    const verdict = readVerdict(body);
    const done = this.#obey(verdict, delivery, reply);
    if (done && reply !== "" && delivery.sequence > 0) this.#house.outlet.say(reply, "");
  }

  deliver(): boolean {
    let upcoming: Upcoming | "full" | undefined;
    for (let count = 0; count < slice; count++) {
      if (this.#closed || this.requests.size === 0) return false;
      upcoming = this.#upcoming();
      if (upcoming === undefined || upcoming === "full" || !this.#deliverOne(upcoming)) break;
      if (count === slice - 1) return true;
    }
    // What does not wait is not over if there are messages that may not be delivered yet.
    const { next } = this.requests.review(upcoming !== "full", this.#heartbeat);
    if (Number.isFinite(next)) this.#waits.set(next - performance.now() + late);
    return false;
  }

  /** @param deleted it is told to those who wait. */
  close(deleted: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    if (deleted) this.requests.release();
    else this.requests.clear();
    this.#progress.clear();
    for (const alarm of [this.#acks, this.#waits, this.#idle]) alarm.stop();
  }

  get #progress(): Progress {
    return this.#cursor.progress;
  }

  get #heartbeat() {
    const { next, nextDelivery } = this.#progress;
    return { delivery: nextDelivery - 1, sequence: next - 1 };
  }

  get #waitsForAck(): Waits {
    return (this.#config.backoff ?? [this.#config.ack_wait ?? 0]).map(milliseconds);
  }

  /** Whether somebody who does not wait is told that there is nothing. */
  #refuses(reply: string, expires: number): boolean {
    const ready = this.#cursor.ahead + this.#progress.againCount;
    if (ready > 0) {
      if (ready >= this.requests.review(false, this.#heartbeat).messages) return false;
    } else if (Number.isFinite(expires)) return false;
    this.requests.lastActive = performance.now();
    this.#house.outlet.status(reply, ready > 0 ? "408 Requests Pending" : "404 No Messages");
    return true;
  }

  /** `full`: too many wait for an acknowledgement. */
  #upcoming(): Upcoming | "full" | undefined {
    const again = this.#cursor.takeAgain(this.#exhausted);
    if (again !== undefined) return again;
    const { max_ack_pending = 0 } = this.#config;
    if (max_ack_pending > 0 && this.#progress.pending.size >= max_ack_pending) return "full";
    return this.#cursor.takeNew();
  }

  /** False: nobody can take it. */
  #deliverOne(upcoming: Upcoming): boolean {
    const { outlet } = this.#house;
    const { message, count } = upcoming;
    const ahead = Math.max(0, count === 1 ? this.#cursor.ahead - 1 : this.#cursor.ahead);
    const reply = this.#ackSubject(message, count, ahead);
    const request = this.requests.take(message.subject.length + reply.length + message.bytes.length - 2);
    if (request === undefined) {
      this.#cursor.giveBack(upcoming);
      return false;
    }
    this.#cursor.ahead = ahead;
    this.#track(message);
    if (this.#config.headers_only) outlet.deliverHeader(request.reply, message, reply);
    else outlet.deliver(request.reply, message, reply);
    if (request.left <= 0 && request.bytes > 0) {
      const left = { "Nats-Pending-Messages": request.left, "Nats-Pending-Bytes": request.bytes };
      outlet.status(request.reply, "409 Batch Completed", left);
    }
    return true;
  }

  #track({ sequence }: StoredMessage): void {
    const progress = this.#progress;
    const delivery = progress.nextDelivery++;
    this.#lastDelivery = wallClock.now();
    this.requests.lastActive = performance.now();
    if (this.#config.ack_policy === "none") {
      progress.deliveryFloor = delivery;
      progress.sequenceFloor = sequence;
      this.#stream.settled(this, sequence);
      return;
    }
    progress.hold(sequence, delivery);
    const waits = this.#waitsForAck;
    const wait = waits[Math.min(progress.redelivered.get(sequence) ?? 0, waits.length - 1)] as number;
    this.#acks.setEarlier(wait + late);
  }

  #ackSubject({ sequence, at }: StoredMessage, count: number, ahead: number): string {
    const names = `${toKey(this.#stream.config.name)}.${toKey(this.name)}`;
    return `$JS.ACK.${names}.${count}.${sequence}.${this.#progress.nextDelivery}.${at}000000.${ahead}`;
  }

  /** Whether the one who said it may be told that it was done. */
  #obey(verdict: Verdict, delivery: Delivery, reply: string): boolean {
    switch (verdict.kind) {
      case "ack":
        return this.#acknowledge(delivery);
      case "next":
        this.#acknowledge(delivery);
        if (reply !== "") this.request(reply, verdict.request);
        return false;
      case "nak":
        this.#refuse(delivery, verdict.delay);
        return true;
      case "term":
        return this.#terminate(delivery, verdict.reason);
      case "progress":
        this.#progress.refresh(delivery.sequence);
        return true;
      case "unknown":
        return true;
    }
  }

  #acknowledge({ sequence, delivery }: Delivery): boolean {
    const progress = this.#progress;
    if (sequence >= progress.next) return false;
    const { ack_policy, max_ack_pending = 0 } = this.#config;
    const full = max_ack_pending > 0 && progress.pending.size >= max_ack_pending;
    let settled: readonly number[] | undefined = [sequence];
    if (ack_policy === "explicit") progress.acknowledge(sequence);
    else settled = progress.acknowledgeUpTo(sequence, delivery);
    if (settled === undefined) return true;
    this.#lastAck = wallClock.now();
    for (const each of new Set([...settled, sequence])) this.#stream.settled(this, each);
    if (full) this.#house.pump.schedule(this);
    return true;
  }

  #refuse(delivery: Delivery, delay: number | undefined): void {
    const progress = this.#progress;
    const { sequence, delivery: number } = delivery;
    if (number <= progress.deliveryFloor || number > progress.nextDelivery || !progress.pending.has(sequence)) return;
    this.#house.advisories.refused(this.#stream.config.name, this.name, delivery);
    if (delay === undefined) {
      progress.again(sequence);
      this.#house.pump.schedule(this);
      return;
    }
    progress.delay(sequence, performance.now() + delay, milliseconds(this.#config.ack_wait ?? 0));
    this.#acks.setEarlier(soon);
  }

  #terminate(delivery: Delivery, reason: string): boolean {
    const done = this.#acknowledge(delivery);
    this.#house.advisories.terminated(this.#stream.config.name, this.name, delivery, reason);
    return done;
  }

  /** Whether a message was delivered as often as it may be. It stays where it is. */
  readonly #exhausted: Exhausted = (sequence, deliveries) => {
    const { max_deliver } = this.#config;
    if (max_deliver < 0 || deliveries < max_deliver) return false;
    if (deliveries === max_deliver) {
      this.#house.advisories.maxDeliveries(this.#stream.config.name, this.name, sequence, deliveries);
    }
    this.#progress.abandon(sequence);
    return true;
  };

  #reviewPending(): void {
    const progress = this.#progress;
    const { late: overdue, next } = progress.overdue(this.#waitsForAck, this.#stream.store.first);
    for (const sequence of overdue) {
      // As nats-server counts here: the second delivery is noticed only when there is a request for a third one.
      const deliveries = Math.max(1, progress.redelivered.get(sequence) ?? 1);
      if (this.#exhausted(sequence, deliveries)) progress.redelivered.set(sequence, deliveries);
      else {
        progress.again(sequence);
        progress.refresh(sequence);
      }
    }
    this.#house.pump.schedule(this);
    if (progress.pending.size > 0) this.#acks.set(next + late);
    else progress.raiseFloors();
  }

  #reviewUse(): void {
    const threshold = milliseconds(this.#config.inactive_threshold ?? 0);
    const elapsed = performance.now() - this.requests.lastActive;
    this.requests.review(false, this.#heartbeat);
    if (elapsed <= threshold) this.#idle.set(threshold - elapsed + late);
    else if (this.requests.size > 0) this.#idle.set(threshold);
    else this.#stream.unused(this);
  }
}
