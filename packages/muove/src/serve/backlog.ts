import type { Worker } from "../base/fair-scheduler.js";
import { RingBuffer } from "../base/ring-buffer.js";
import type { Message } from "../link/index.js";
import { type RequestHeaders, readRequestHeaders } from "../wire/headers.js";
import type { Capacity } from "./capacity.js";
import { Delivery } from "./delivery.js";
import type { Endpoint } from "./endpoint.js";
import type { Host } from "./host.js";
import { OpenCalls } from "./open-calls.js";
import { Refusals } from "./refusals.js";
import { Running } from "./running.js";
import type { ServeEnvironment } from "./serve-environment.js";
import { ServiceTimeEstimate } from "./service-time-estimate.js";

/** How much longer than measured things may take before an admitted call misses its deadline. */
const margin = 2;
/** When to come back to a mailbox that is stuck, in ms. */
const stuckRetry = 1_000;

/**
 * The bounded mailbox: decides at once, for everything that was read from the socket, what is admitted and what is
 * refused; then runs what was admitted, when it is its turn. (A handler that ran right where a message is delivered could
 * refuse nobody: one turn of the loop can deliver thousands.)
 *
 * Q1 Never more than `backlog` messages wait, and never more than `concurrency` handlers run in time.
 * Q2 A call is admitted only if, at the pace of the messages before it, it can be answered before its caller gives up.
 * Q3 What is refused never runs. What has expired, or was cancelled while it waited, never runs.
 * Q4 Messages start in the order in which they were admitted.
 * Q5 What others send costs the same, however much waits.
 */
export class Backlog implements Worker {
  readonly #env: ServeEnvironment;
  readonly #most: number;
  readonly #refusals: Refusals;
  readonly #running: Running;
  readonly #serviceTime = new ServiceTimeEstimate();
  readonly #waiting = new RingBuffer<Delivery>();
  readonly #calls = new OpenCalls();
  /** How many of those that wait were cancelled: they leave when it is their turn, or when their places are needed. */
  #cancelled = 0;
  #draining = false;
  #working = false;
  #idle: (() => void) | undefined;

  constructor(host: Host, capacity: Capacity) {
    const { env } = host;
    this.#env = env;
    this.#most = capacity.backlog;
    this.#refusals = new Refusals(env);
    this.#running = new Running(host, capacity.concurrency, this.#calls, (now, alone) => this.#done(now, alone));
  }

  get waiting(): number {
    return this.#waiting.size - this.#cancelled;
  }

  get running(): number {
    return this.#running.inTime;
  }

  /** As many handlers as there are slots have outlived what the contract gives them and still run: only a restart helps. */
  get stuck(): boolean {
    return this.#running.stuck;
  }

  /** Admits a message or refuses it (Q1, Q2). The headers of what is refused for the lack of room are not even read. */
  admit(endpoint: Endpoint, msg: Message): void {
    this.#env.counts.received++;
    endpoint.figures.received++;
    if (this.#draining && endpoint.isCall) return this.#refusals.draining(endpoint, msg);
    if (this.#running.exhausted) return this.#refusals.overloaded(endpoint, msg, stuckRetry);
    if (this.#full) return this.#refusals.overloaded(endpoint, msg, this.#retryAfter());
    const reply = endpoint.isCall ? msg.reply : "";
    if (!this.#env.answers.mayGoTo(reply)) return;
    const now = performance.now();
    const headers = readRequestHeaders(msg);
    const patience = endpoint.isCall ? this.#patience(endpoint, headers, now) : Number.POSITIVE_INFINITY;
    if (patience <= 0) return this.#refusals.expired(endpoint, msg, this.#retryAfter());
    if (patience < this.#expectedWait()) return this.#refusals.overloaded(endpoint, msg, this.#retryAfter());
    this.#wait(new Delivery(endpoint, msg, headers, reply, now, now + patience, this.#onCancel));
  }

  /** Refuses what is no message of this mailbox. */
  refuseUnknown(mailbox: string, message: string, msg: Message, signature: string | undefined): void {
    this.#env.counts.received++;
    this.#refusals.unknown(mailbox, message, msg, signature);
  }

  /** A caller gave up (Q3). */
  cancel(call: string): void {
    this.#calls.cancel(call);
  }

  /** From now on calls are refused as draining; what goes one way still gets in, as nobody would send it again. */
  stopTaking(): void {
    this.#draining = true;
  }

  /** Resolves when nothing waits and nothing runs in time. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve;
      this.#settleIdle();
    });
  }

  /** Refuses what still waits. Returns how many casts and events were lost by that. */
  abandon(): number {
    const waiting = [...this.#waiting].filter(({ cancelled }) => !cancelled);
    this.#waiting.clear();
    this.#cancelled = 0;
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
    if (this.waiting === 0) this.#serviceTime.rest();
    this.#settleIdle();
    return this.waiting > 0 && !this.#running.full; // Without one, #done() goes on.
  }

  #startUntil(end: number): void {
    let now = performance.now();
    do {
      const delivery = this.#running.full ? undefined : this.#next();
      if (delivery === undefined) return;
      now = this.#start(delivery, now);
    } while (now < end);
  }

  get #full(): boolean {
    if (this.#waiting.size < this.#most) return false;
    if (this.#cancelled * 8 < this.#most) return true; // Q5: places are made free by the eighth at least.
    this.#waiting.remove(({ cancelled }) => cancelled);
    this.#cancelled = 0;
    return false;
  }

  #wait(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#calls.add(delivery.headers.call, delivery);
    this.#schedule();
  }

  readonly #onCancel = (delivery: Delivery): void => {
    this.#calls.delete(delivery.headers.call, delivery);
    this.#cancelled++;
    this.#settleIdle();
  };

  /** The first of those that were not cancelled. */
  #next(): Delivery | undefined {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (next.cancelled) this.#cancelled--;
      else {
        this.#calls.delete(next.headers.call, next);
        return next;
      }
    }
    return undefined;
  }

  #patience({ timeout }: Endpoint, headers: RequestHeaders, now: number): number {
    const { timeout: left = timeout, clock, from } = headers;
    return clock === undefined || from === undefined ? left : left - this.#env.transitDelay.waited(from, clock, now);
  }

  #expectedWait(): number {
    return this.waiting === 0 ? 0 : this.#serviceTime.timeFor(this.waiting + 1) * margin;
  }

  /** Half of what waits will be done by then. */
  #retryAfter(): number {
    return Math.max(1, Math.ceil(this.#serviceTime.timeFor(this.waiting) / 2));
  }

  #schedule(): void {
    if (!this.#working && this.waiting > 0) this.#env.scheduler.ask(this);
  }

  /** Returns when that was done, or began to wait for something. */
  #start(delivery: Delivery, now: number): number {
    if (delivery.endsAt > now) return this.#running.start(delivery, now);
    this.#refusals.expired(delivery.endpoint, delivery.msg, this.#retryAfter());
    return now;
  }

  #done(now: number, alone: number | undefined): void {
    this.#serviceTime.done(now, this.waiting, alone);
    this.#schedule();
    this.#settleIdle();
  }

  #settleIdle(): void {
    if (this.waiting > 0 || this.#running.inTime > 0) return;
    this.#idle?.();
    this.#idle = undefined;
  }
}
