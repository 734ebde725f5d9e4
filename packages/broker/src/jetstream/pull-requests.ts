import type { Budget } from "../bounds/budget.js";
import { performance } from "../timers.js";
import type { Outlet } from "./outlet.js";
import type { PullRequest } from "./pull-request.js";

/** What a waiting request takes of memory beside its subject, by an estimate. */
const weight = 300;

/** How far a consumer has come, for heartbeats. */
export interface Heartbeat {
  readonly delivery: number;
  readonly sequence: number;
}

/** What waits after a review. */
export interface Review {
  /** How many messages are asked for. */
  readonly messages: number;
  /** When the next request ends or hears a heartbeat. */
  readonly next: number;
}

/**
 * The requests for messages that wait at a consumer. They take turns: one message each.
 *
 * PULL-REQUESTS-1 There are at most `most`, and each has its share of the budget.
 * PULL-REQUESTS-2 A request ends when it has got what it asked for, when its time is over, when the next message is too
 *   large for it, when nobody listens to its subject any more, or when its consumer is deleted. Except for the first
 *   and nobody listening, it is told.
 */
export class PullRequests {
  readonly most: number;
  readonly #outlet: Outlet;
  readonly #budget: Budget;
  readonly #queue = new Set<PullRequest>();
  /** When one was last seen, on the monotonic clock. */
  lastActive = Number.NEGATIVE_INFINITY;

  constructor(outlet: Outlet, budget: Budget, most: number) {
    this.#outlet = outlet;
    this.#budget = budget;
    this.most = most;
  }

  get size(): number {
    return this.#queue.size;
  }

  /** False: too many are waiting. */
  add(request: PullRequest): boolean {
    const share = weight + request.reply.length;
    if (this.#queue.size >= this.most || !this.#budget.hasRoomFor(share)) return false;
    this.#queue.add(request);
    this.#budget.take(share);
    this.lastActive = performance.now();
    return true;
  }

  /** The request whose turn it is to get a message of that size, as nats-server counts it for `max_bytes`. */
  take(size: number): PullRequest | undefined {
    const now = performance.now();
    for (const request of this.#queue) {
      if (request.bytes > 0 && size > request.bytes) this.#end(request, "409 Message Size Exceeds MaxBytes");
      else if (now >= request.expires) this.#end(request, "408 Request Timeout");
      else if (!this.#outlet.hasInterest(request.reply)) this.#remove(request);
      else return this.#count(request, size);
    }
    return undefined;
  }

  /** Ends what is over. @param drained no message is left: who does not wait has got all. */
  review(drained: boolean, { delivery, sequence }: Heartbeat): Review {
    const now = performance.now();
    let messages = 0;
    let next = Number.POSITIVE_INFINITY;
    for (const request of this.#queue) {
      if ((drained && request.noWait && request.sent > 0) || now >= request.expires) {
        this.#end(request, "408 Request Timeout");
      } else if (!this.#outlet.hasInterest(request.reply)) this.#remove(request);
      else {
        messages += request.left;
        if (now >= request.heartbeatAt) {
          const figures = { "Nats-Last-Consumer": delivery, "Nats-Last-Stream": sequence };
          this.#outlet.status(request.reply, "100 Idle Heartbeat", figures);
          request.heartbeatAt = now + request.heartbeat;
        }
        next = Math.min(next, request.heartbeatAt, request.expires);
      }
    }
    return { messages, next };
  }

  /** The consumer is deleted. */
  release(): void {
    for (const request of this.#queue) {
      this.#remove(request);
      this.#outlet.status(request.reply, "409 Consumer Deleted");
    }
  }

  clear(): void {
    for (const request of this.#queue) this.#remove(request);
  }

  #count(request: PullRequest, size: number): PullRequest {
    if (request.bytes > 0) {
      request.bytes -= size;
      if (request.bytes === 0) request.left = 1;
    }
    request.left--;
    request.sent++;
    if (request.left <= 0) this.#remove(request);
    else {
      if (request.heartbeat > 0) request.heartbeatAt = performance.now() + request.heartbeat;
      this.#queue.delete(request);
      this.#queue.add(request);
    }
    return request;
  }

  #end(request: PullRequest, status: string): void {
    this.#remove(request);
    const left = { "Nats-Pending-Messages": request.left, "Nats-Pending-Bytes": request.bytes };
    this.#outlet.status(request.reply, status, left);
  }

  #remove(request: PullRequest): void {
    if (this.#queue.delete(request)) this.#budget.giveBack(weight + request.reply.length);
  }
}
