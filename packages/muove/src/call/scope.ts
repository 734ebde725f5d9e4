import { performance } from "../base/timers.js";
import type { Metadata } from "../metadata/metadata.js";
import type { Trace } from "../telemetry/trace.js";

/** The time that a caller keeps, in ms, so that it can still give a degraded reply: the larger of 5 ms and a tenth. */
export const reserve = (remaining: number): number => Math.max(5, remaining / 10);

/**
 * What everything that is sent on behalf of one incoming message, or one request at an edge, shares: the time left, the
 * signals that cancel it, its trace and its metadata.
 */
export class Scope {
  /** The scope of calls on the bus itself: no deadline, no signal, no trace. */
  static readonly open = new Scope(Number.POSITIVE_INFINITY, [], undefined, false);

  /** The deadline, on the clock of `performance.now()`. */
  readonly endsAt: number;
  readonly signals: readonly AbortSignal[];
  readonly trace: Trace | undefined;
  /** Whether it belongs to an incoming message. Then only that message's sender retries. */
  readonly nested: boolean;
  readonly metadata: Metadata | undefined;

  constructor(
    endsAt: number,
    signals: readonly AbortSignal[],
    trace: Trace | undefined,
    nested: boolean,
    metadata?: Metadata,
  ) {
    this.endsAt = endsAt;
    this.signals = signals;
    this.trace = trace;
    this.nested = nested;
    this.metadata = metadata;
  }

  get aborted(): boolean {
    for (const signal of this.signals) if (signal.aborted) return true;
    return false;
  }

  /** The time left, in ms; never less than 0. */
  get remaining(): number {
    return Math.max(0, this.endsAt - performance.now());
  }

  /** The timeout of a call that asks for `timeout`, in ms: 0 if no time is left. */
  allowance(timeout: number): number {
    if (this.endsAt === Number.POSITIVE_INFINITY) return timeout;
    const remaining = this.remaining;
    return Math.max(0, Math.min(timeout, remaining - reserve(remaining)));
  }

  /** The same scope, with this metadata. */
  with(metadata: Metadata | undefined): Scope {
    if (metadata === this.metadata) return this;
    return new Scope(this.endsAt, this.signals, this.trace, this.nested, metadata);
  }

  /** A nested scope: the nearer deadline, both signals, the same trace and metadata. */
  within(timeout: number | undefined, signal: AbortSignal | undefined): Scope {
    const endsAt = timeout === undefined ? this.endsAt : Math.min(this.endsAt, performance.now() + timeout);
    const signals = signal ? [...this.signals, signal] : this.signals;
    return new Scope(endsAt, signals, this.trace, this.nested, this.metadata);
  }
}
