import { issueFields } from "../base/issue-fields.js";
import type { Logger } from "../base/logger.js";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { AnyOutcome } from "../outcome/answer.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Counts } from "../outcome/counts.js";
import type { Degraded, NoAnswer, Refused } from "../outcome/outcome.js";
import type { Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { writtenFields } from "../wire/invalid-reply.js";
import type { CallTarget } from "./target.js";

interface Sinks {
  readonly counts: Counts;
  readonly events: BusEmitter;
  readonly log: Logger;
  /** For lines that any call may cause. */
  readonly limitedLog: RateLimitedLog;
}

/** How often calls that keep failing are logged, in ms, for each address and reason. */
const interval = 10_000;

/** The caller's own doing. */
const unlogged: ReadonlySet<string> = new Set(["expired", "cancelled"]);
/** The contracts of both sides differ. */
const skewed: ReadonlySet<string> = new Set(["invalid-reply", "rejected", "unknown-message"]);

/**
 * Counts, logs and emits what happens to calls.
 *
 * CALL-REPORTS-1 Every call is counted once when it is made, and every outcome once when the caller gets it, in total
 *   and for its address.
 * CALL-REPORTS-2 Failing calls log at most one line per address, reason and interval, and one after each line that they
 *   are answered again, of which there is at most one per address and interval. All instances that calls are addressed to share the lines of their message, since others
 *   choose how many instances there are; and the lines of tags, which an input may choose, take none from the rest.
 * CALL-REPORTS-3 No value of an input or an output is logged.
 * CALL-REPORTS-4 The next call to an address tells the fields of an invalid reply that was logged: its owner learns of
 *   it as often as the log here does.
 * CALL-REPORTS-5 The last line about an address is never that calls are answered again while they are not: the first one
 *   that fails after it is logged, whatever was logged before.
 */
export class CallReports {
  readonly #counts: Counts;
  readonly #events: BusEmitter;
  readonly #log: Logger;
  readonly #limitedLog: RateLimitedLog;
  readonly #failures: RateLimitedLog;
  readonly #failuresByTags: RateLimitedLog;

  constructor({ counts, events, log, limitedLog }: Sinks) {
    this.#counts = counts;
    this.#events = events;
    this.#log = log;
    this.#limitedLog = limitedLog;
    this.#failures = new RateLimitedLog(log, 1, interval);
    this.#failuresByTags = new RateLimitedLog(log, 1, interval);
  }

  called(): void {
    this.#counts.calls++;
  }

  retried(): void {
    this.#counts.retries++;
  }

  /** The caller gets this outcome. */
  ended(target: CallTarget, outcome: AnyOutcome, trace: Trace | undefined): void {
    const { address, peer } = target;
    if (outcome.status === "ok") {
      this.#counts.outcomes.ok++;
      peer.outcomes.ok++;
      return this.#answered(target);
    }
    const kind = "reason" in outcome ? outcome.reason : outcome.status;
    this.#counts.outcomes[kind]++;
    peer.outcomes[kind]++;
    if (outcome.status === "degraded") return this.#answered(target);
    if (outcome.status === "failed") this.#answered(target);
    else if (outcome.reason === "refused") this.#refused(target, outcome, trace);
    else this.#unanswered(target, outcome, trace);
    if (this.#events.heard("outcome")) this.#events.emit("outcome", { address, outcome });
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
    this.#limitedLog.warn(`${kind} fallback`, fields, "a fallback failed");
  }

  /** It answered: this is about what was sent, and nobody is missing. */
  #refused(target: CallTarget, { text }: Refused, trace: Trace | undefined): void {
    this.#answered(target);
    const { log, kind } = this.#linesOf(target, "refused");
    const fields = (): object => ({ address: target.address, text, ...traceIds(trace) });
    log.warn(kind, fields, "a call was refused by a step of the other side");
  }

  #unanswered(target: CallTarget, outcome: NoAnswer, trace: Trace | undefined): void {
    const { reason } = outcome;
    if (unlogged.has(reason)) return;
    const { peer, address } = target;
    const { log, kind } = this.#linesOf(target, reason);
    if (peer.answeredAgain) log.allow(kind); // CALL-REPORTS-5
    peer.answeredAgain = false;
    const fields = (): object => ({ ...about(address, outcome), ...traceIds(trace) });
    const logged = skewed.has(reason)
      ? log.error(kind, fields, "a call failed because the contracts of both sides differ; compare their versions")
      : log.warn(kind, fields, "a call got no answer");
    if (logged) peer.unanswered ??= 0;
    if (logged && reason === "invalid-reply") peer.invalidReply = writtenFields(issueFields(outcome.issues));
    if (peer.unanswered !== undefined) peer.unanswered++;
  }

  /** The lines about calls to an address that end for that reason. */
  #linesOf({ peer, mailbox, message, address }: CallTarget, reason: string): { log: RateLimitedLog; kind: string } {
    const log = peer.kind === "tags" ? this.#failuresByTags : this.#failures;
    return { log, kind: `${peer.kind === "instance" ? `${mailbox}.${message}@` : address} ${reason}` };
  }

  #answered(target: CallTarget): void {
    const { address, peer } = target;
    const { unanswered } = peer;
    if (unanswered === undefined) return;
    const { log, kind } = this.#linesOf(target, "again");
    if (!log.may(kind)) return; // Later, unless they fail again until then.
    peer.unanswered = undefined;
    peer.answeredAgain = true;
    this.#log.info({ address, unanswered }, "calls are answered again");
  }
}

function about(address: string, outcome: NoAnswer): object {
  const { reason, delivered } = outcome;
  const known = { address, reason, delivered };
  if (reason === "invalid-reply" || reason === "rejected") return { ...known, fields: issueFields(outcome.issues) };
  return reason === "crashed" && outcome.id !== undefined ? { ...known, crash: outcome.id } : known;
}
