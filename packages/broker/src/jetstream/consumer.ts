import { performance, wallClock } from "../timers.js";
import { readVerdict, type Verdict } from "./acknowledgement.js";
import type { Delivery } from "./advisories.js";
import { Alarm } from "./alarm.js";
import { type ConsumerConfig, filtersOf } from "./consumer-config.js";
import { Cursor, type Upcoming } from "./cursor.js";
import { Deliveries, type DeliveryOwner } from "./deliveries.js";
import type { House } from "./house.js";
import type { MessageStore } from "./message-store.js";
import type { Progress, ProgressImage } from "./progress.js";
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
 * CONSUMER-1 A message is delivered when a request waits for it, and no more deliveries are pending than may be.
 * CONSUMER-2 Once closed, it delivers nothing and has no timer.
 */
export class Consumer implements Deliverer, DeliveryOwner {
  readonly name: string;
  readonly created: number;
  readonly requests: PullRequests;
  readonly #house: House;
  readonly #stream: ConsumerStream;
  readonly #cursor: Cursor;
  readonly #deliveries: Deliveries;
  readonly #waits = new Alarm(() => this.#house.pump.schedule(this));
  readonly #idle = new Alarm(() => this.#reviewUse());
  #config: ConsumerConfig;
  #closed = false;

  constructor(house: House, stream: ConsumerStream, name: string, config: ConsumerConfig, created: number) {
    this.created = created;
    this.name = name;
    this.#house = house;
    this.#stream = stream;
    this.#config = config;
    this.#cursor = new Cursor(stream.store, config, house.budget);
    this.#deliveries = new Deliveries(house, this, this.#cursor.progress);
    this.requests = new PullRequests(house.outlet, house.budget, config.max_waiting);
    if (config.inactive_threshold) this.#idle.set(milliseconds(config.inactive_threshold));
  }

  get config(): ConsumerConfig {
    return this.#config;
  }

  get stream(): string {
    return this.#stream.config.name;
  }

  get first(): number {
    return this.#stream.store.first;
  }

  get filters(): readonly string[] {
    return this.#cursor.filters;
  }

  get image(): ProgressImage {
    return this.#progress.image;
  }

  /** What comes first, with the policy `last_per_subject`. */
  get firsts(): readonly number[] {
    return this.#cursor.firsts;
  }

  /** What was delivered before this process began, and is now followed by `next`. */
  restoreDelivery(sequence: number, next: number, count: number): void {
    this.#cursor.passed(sequence, next);
    if (count > 1) this.#progress.countedAgain(sequence, count - 1);
    this.#deliveries.add(sequence);
  }

  restoreAcknowledgement(delivery: Delivery): void {
    this.#deliveries.acknowledge(delivery);
  }

  restoreProgress(image: ProgressImage, firsts: readonly number[]): void {
    this.#cursor.restore(image, firsts);
    this.#deliveries.configured();
  }

  /** Counts what it has not come to, after it was restored. */
  recount(): void {
    this.#cursor.recount();
  }

  /** What the API says of it. */
  info(): object {
    const { next, nextDelivery, deliveryFloor, sequenceFloor, pending, redelivered } = this.#progress;
    this.requests.review(false, this.#heartbeat);
    const active = (at: number | undefined) => at !== undefined && { last_active: timestamp(at) };
    return {
      stream_name: this.stream,
      name: this.name,
      created: timestamp(this.created),
      config: this.#config,
      delivered: { consumer_seq: nextDelivery - 1, stream_seq: next - 1, ...active(this.#deliveries.lastDelivery) },
      ack_floor: { consumer_seq: deliveryFloor, stream_seq: sequenceFloor, ...active(this.#deliveries.lastAck) },
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
    this.#deliveries.configured();
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
    this.#cursor.removed(message);
    this.#deliveries.removed(message);
  }

  /** The messages before a sequence were removed: all of them, all that it filters, or some of those. */
  purged(sequence: number, which: "all" | "its own" | "some"): void {
    const { size } = this.#progress.pending;
    this.#cursor.purged(sequence, which === "some");
    const { image, firsts } = this;
    const about = { stream: this.stream, consumer: this.name };
    this.#house.chronicle.tell({ op: "progress", ...about, image, firsts });
    // nats-server takes what is purged by its subject for acknowledged.
    if (which !== "all" && this.#progress.pending.size < size) this.#deliveries.lastAck = wallClock.now();
  }

  /** Whether a message must be kept for it, as nats-server decides it for streams with the retention `interest`. */
  needs(message: StoredMessage): boolean {
    return this.#cursor.needs(message, this.#config.ack_policy === "explicit");
  }

  settled(sequence: number): void {
    this.#stream.settled(this, sequence);
  }

  more(): void {
    this.#house.pump.schedule(this);
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
    this.#deliveries.close();
    for (const alarm of [this.#waits, this.#idle]) alarm.stop();
  }

  get #progress(): Progress {
    return this.#cursor.progress;
  }

  get #heartbeat() {
    const { next, nextDelivery } = this.#progress;
    return { delivery: nextDelivery - 1, sequence: next - 1 };
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
    const again = this.#cursor.takeAgain(this.#deliveries.exhausted);
    if (again !== undefined) return again;
    return this.#deliveries.full ? "full" : this.#cursor.takeNew();
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
    this.requests.lastActive = performance.now();
    this.#deliveries.add(message.sequence);
    if (this.#config.headers_only) outlet.deliverHeader(request.reply, message, reply);
    else outlet.deliver(request.reply, message, reply);
    if (request.left <= 0 && request.bytes > 0) {
      const left = { "Nats-Pending-Messages": request.left, "Nats-Pending-Bytes": request.bytes };
      outlet.status(request.reply, "409 Batch Completed", left);
    }
    return true;
  }

  #ackSubject({ sequence, at }: StoredMessage, count: number, ahead: number): string {
    const names = `${toKey(this.stream)}.${toKey(this.name)}`;
    return `$JS.ACK.${names}.${count}.${sequence}.${this.#progress.nextDelivery}.${at}000000.${ahead}`;
  }

  /** Whether the one who said it may be told that it was done. */
  #obey(verdict: Verdict, delivery: Delivery, reply: string): boolean {
    switch (verdict.kind) {
      case "ack":
        return this.#deliveries.acknowledge(delivery);
      case "next":
        this.#deliveries.acknowledge(delivery);
        if (reply !== "") this.request(reply, verdict.request);
        return false;
      case "nak":
        this.#deliveries.refuse(delivery, verdict.delay);
        return true;
      case "term":
        return this.#deliveries.terminate(delivery, verdict.reason);
      case "progress":
        this.#deliveries.refresh(delivery);
        return true;
      case "unknown":
        return true;
    }
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
