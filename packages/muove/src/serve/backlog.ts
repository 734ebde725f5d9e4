import type { Worker } from "../base/fair-scheduler.js";
import { performance } from "../base/timers.js";
import type { NatsMessage, Origin } from "../link/index.js";
import type { Respondent } from "../wire/answers.js";
import { type RequestHeaders, readRequestHeaders } from "../wire/headers.js";
import { readKey } from "../wire/key.js";
import type { Capacity } from "./capacity.js";
import { Delivery } from "./delivery.js";
import type { Endpoint } from "./endpoint.js";
import type { Host } from "./host.js";
import { OpenCalls } from "./open-calls.js";
import { Refusals } from "./refusals.js";
import { Running } from "./running.js";
import type { ServeEnvironment } from "./serve-environment.js";
import { ServiceTimeEstimate } from "./service-time-estimate.js";
import { Waiting } from "./waiting.js";

/** Safety factor of the estimated wait: an admitted call meets its deadline even if handling takes this much longer. */
const safetyFactor = 2;
/** `retryAfter` of a mailbox that is stuck, in ms. */
const stuckRetry = 1_000;

/** What a mailbox or a listener had not finished when its time was over. */
export interface Unfinished {
  /** Handlers that were running, and were interrupted. */
  readonly running: number;
  /** Casts and events that waited, and are lost. */
  readonly lost: number;
}

/**
 * The bounded queue of a mailbox: admits or refuses every message as soon as it is read from the socket, and later runs
 * the admitted ones, when the scheduler gives it time. (Running handlers on delivery would leave no chance to refuse:
 * one turn of the event loop can deliver thousands of messages.)
 *
 * BACKLOG-1 At most `backlog` messages wait, and at most `concurrency` handlers hold a slot.
 * BACKLOG-2 A call is admitted only if it can be answered before its caller gives up, at the measured speed.
 * BACKLOG-3 A refused message never runs; nor does one that expired, or was cancelled, while it waited.
 * BACKLOG-4 Messages start in the order in which they were admitted, except that those of one serial key take turns
 *   (WAITING-1).
 * BACKLOG-5 Each incoming message takes the same time, however many wait.
 * BACKLOG-6 It is idle when nothing waits, and no handler runs that has time left, its own or its caller's: whether it
 *   holds a slot makes no difference.
 */
export class Backlog implements Worker, Respondent {
  readonly capacity: Capacity;
  readonly #env: ServeEnvironment;
  readonly #refusals: Refusals;
  readonly #running: Running;
  readonly #serviceTime = new ServiceTimeEstimate();
  readonly #waiting: Waiting;
  readonly #calls = new OpenCalls();
  readonly #leave: () => void;
  #draining = false;
  #interrupted = false;
  #working = false;
  #idle: (() => void) | undefined;

  constructor(host: Host, capacity: Capacity) {
    const { env } = host;
    this.capacity = capacity;
    this.#env = env;
    this.#waiting = new Waiting(capacity.backlog);
    this.#refusals = new Refusals(env);
    this.#running = new Running(
      host,
      capacity.concurrency,
      this.#calls,
      (delivery, now, alone) => this.#done(delivery, now, alone),
      () => this.#settleIdle(),
    );
    this.#leave = env.answers.await(this);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running.inTime;
  }

  /** There are as many runaway handlers as slots: only a restart helps. */
  get stuck(): boolean {
    return this.#running.stuck;
  }

  /** Admits a message or refuses it (BACKLOG-1, BACKLOG-2). If there is no room, it does not even read the headers. */
  admit(endpoint: Endpoint, msg: NatsMessage): void {
    this.#env.counts.received++;
    endpoint.figures.received++;
    if (this.#draining && (endpoint.isCall || this.#interrupted)) return this.#refusals.draining(endpoint, msg);
    if (this.#running.exhausted) return this.#refusals.overloaded(endpoint, msg, stuckRetry);
    if (this.#waiting.isFull(undefined)) return this.#refusals.overloaded(endpoint, msg, this.#retryAfter(undefined));
    const reply = endpoint.isCall ? msg.reply : "";
    if (!this.#env.answers.mayGoTo(reply)) return;
    const now = performance.now();
    const headers = readRequestHeaders(msg);
    const key = endpoint.serial ? readKey(headers.key) : undefined;
    if (key !== undefined && this.#waiting.isFull(key))
      return this.#refusals.overloaded(endpoint, msg, this.#retryAfter(key));
    const timeLeft = endpoint.isCall ? this.#timeLeft(endpoint, headers, now) : Number.POSITIVE_INFINITY;
    if (timeLeft <= 0) return this.#refusals.expired(endpoint, msg, this.#retryAfter(key));
    if (timeLeft < this.#expectedWait(key)) return this.#refusals.overloaded(endpoint, msg, this.#retryAfter(key));
    this.#wait(new Delivery(endpoint, msg, headers, reply, key, now, now + timeLeft, this.#onCancel));
  }

  /** Refuses a message that this mailbox does not have. */
  refuseUnknown(mailbox: string, message: string, msg: NatsMessage, signature: string | undefined): void {
    this.#env.counts.received++;
    this.#refusals.unknown(mailbox, message, msg, signature);
  }

  owes(origin: Origin): boolean {
    const now = performance.now();
    return this.#running.owes(origin, now) || this.#waiting.all.some((delivery) => delivery.isDueOn(origin, now));
  }

  /** Cancels a call whose caller gave up (BACKLOG-3). */
  cancel(call: string): void {
    this.#calls.cancel(call);
  }

  /** Refuses calls as draining from now on. Casts and events are still admitted, since nobody would send them again. */
  stopTaking(): void {
    this.#draining = true;
  }

  /** Resolves when there is nothing to wait for (BACKLOG-6). */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve;
      this.#settleIdle();
    });
  }

  /** Its time is over: refuses all waiting messages, and interrupts the running handlers. */
  async interrupt(): Promise<Unfinished> {
    this.#draining = true;
    this.#interrupted = true;
    const lost = this.#refuseWaiting();
    const running = await this.#running.interrupt();
    this.#settleIdle();
    this.#leave();
    return { running, lost };
  }

  /** Returns how many casts and events that lost. */
  #refuseWaiting(): number {
    const waiting = this.#waiting.clear();
    for (const each of waiting) {
      this.#calls.delete(each.headers.call, each);
      if (each.endpoint.isCall) this.#refusals.draining(each.endpoint, each.msg);
    }
    return waiting.filter(({ endpoint }) => !endpoint.isCall).length;
  }

  work(until: number): boolean {
    this.#working = true;
    try {
      this.#startUntil(until);
    } finally {
      this.#working = false;
    }
    if (this.#waiting.startable === 0) this.#serviceTime.rest();
    this.#settleIdle();
    return this.#waiting.startable > 0 && !this.#running.full; // Without a slot, #done() continues.
  }

  #startUntil(end: number): void {
    let now = performance.now();
    do {
      const delivery = this.#running.full ? undefined : this.#next();
      if (delivery === undefined) return;
      now = this.#start(delivery, now);
    } while (now < end);
  }

  #wait(delivery: Delivery): void {
    this.#waiting.add(delivery);
    this.#calls.add(delivery.headers.call, delivery);
    this.#schedule();
  }

  readonly #onCancel = (delivery: Delivery): void => {
    this.#calls.delete(delivery.headers.call, delivery);
    this.#waiting.cancelled(delivery);
    this.#settleIdle();
  };

  #next(): Delivery | undefined {
    const next = this.#waiting.next();
    if (next !== undefined) this.#calls.delete(next.headers.call, next);
    return next;
  }

  #timeLeft({ timeout }: Endpoint, headers: RequestHeaders, now: number): number {
    const { timeout: given = timeout, clock, from } = headers;
    return clock === undefined || from === undefined ? given : given - this.#env.transitDelay.waited(from, clock, now);
  }

  /** Of the queue, and of all turns of its key: each joins the queue again. */
  #expectedWait(key: string | undefined): number {
    const { startable } = this.#waiting;
    const queue = startable === 0 ? 0 : this.#serviceTime.timeFor(startable + 1);
    return (queue + this.#waiting.turnsBefore(key) * (queue + this.#waiting.turn)) * safetyFactor;
  }

  /** By then, half of the waiting messages will be done. */
  #retryAfter(key: string | undefined): number {
    const turns = this.#waiting.turnsBefore(key) * this.#waiting.turn;
    return Math.max(1, Math.ceil(Math.max(turns, this.#serviceTime.timeFor(this.waiting)) / 2));
  }

  #schedule(): void {
    if (!this.#working && this.#waiting.startable > 0) this.#env.scheduler.ask(this);
  }

  /** Returns the time when the handler was done, or began to wait for something. */
  #start(delivery: Delivery, now: number): number {
    if (delivery.endsAt > now) {
      this.#waiting.begun(delivery, now);
      return this.#running.start(delivery, now);
    }
    this.#waiting.done(delivery, Number.NaN);
    this.#refusals.expired(delivery.endpoint, delivery.msg, this.#retryAfter(delivery.key));
    return now;
  }

  #done(delivery: Delivery, now: number, alone: number | undefined): void {
    this.#waiting.done(delivery, now);
    this.#serviceTime.done(now, this.#waiting.startable, alone);
    this.#schedule();
    this.#settleIdle();
  }

  #settleIdle(): void {
    if (this.#idle === undefined || this.waiting > 0 || this.#running.awaited > 0) return;
    this.#idle();
    this.#idle = undefined;
  }
}
