import type { Logger } from "../base/logger.js";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";
import type { DeadLetter } from "../outcome/dead-letter.js";
import { tellDeadLetter } from "../telemetry/figures.js";
import { passedOn } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import type { Sent } from "./letter.js";

/** Counts dead letters, emits them, and logs them, rate limited and without their content. */
export class DeadLetters {
  readonly #counts: Counts;
  readonly #events: BusEmitter;
  readonly #log: RateLimitedLog;

  constructor(counts: Counts, events: BusEmitter, log: Logger) {
    this.#counts = counts;
    this.#events = events;
    this.#log = new RateLimitedLog(log);
  }

  add({ target, input, headers }: Sent, reason: DeadLetter["reason"], delivered: DeadLetter["delivered"]): void {
    const { mailbox, message, address, definition } = target;
    const { kind } = definition;
    const kept = definition.kind === "cast" && definition.durable !== undefined;
    this.#counts.deadLetters++;
    this.#counts.deadLettersByReason[reason]++;
    tellDeadLetter(`${mailbox}.${message}`, reason);
    const letter: DeadLetter = { kind, mailbox, message, address, input, reason, delivered };
    if (this.#events.heard("deadLetter")) this.#events.emit("deadLetter", letter);
    this.#log.warn(
      `${mailbox}.${message} ${reason}`, // Without the instance: others choose how many of those there are.
      () => ({ address, reason, delivered, ...traceIds(passedOn(headers)) }),
      kept ? "a durable cast is not known to be stored" : `${kind === "cast" ? "a cast" : "an event"} reached nobody`,
    );
  }
}
