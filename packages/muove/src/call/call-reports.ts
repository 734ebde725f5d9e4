import type { RateLimitedLog } from "../base/rate-limited-log.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";
import type { Degraded } from "../outcome/outcome.js";

interface Sinks {
  readonly counts: Counts;
  readonly events: BusEmitter;
  /** For lines that any call may cause. */
  readonly limitedLog: RateLimitedLog;
}

/** Counts, logs and emits what happens to calls. */
export class CallReports {
  readonly #counts: Counts;
  readonly #events: BusEmitter;
  readonly #log: RateLimitedLog;

  constructor({ counts, events, limitedLog }: Sinks) {
    this.#counts = counts;
    this.#events = events;
    this.#log = limitedLog;
  }

  called(): void {
    this.#counts.calls++;
  }

  retried(): void {
    this.#counts.retries++;
  }

  streamAcknowledged(): void {
    this.#counts.streamAcknowledgements++;
  }

  unsignedReply(): void {
    this.#counts.unsignedReplies++;
  }

  degraded(address: string, outcome: Degraded<unknown>): void {
    this.#counts.degraded++;
    if (this.#events.heard("degraded")) this.#events.emit("degraded", { address, outcome });
  }

  /** @param kind what the line is limited by. */
  fallbackFailed(kind: string, fields: () => object): void {
    this.#log.warn(`${kind} fallback`, fields, "a fallback failed");
  }
}
