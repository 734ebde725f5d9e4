import type { Trace } from "../telemetry/trace.js";

/** How much of its time a caller keeps for itself, so that it can still answer degraded: the larger of 5 ms and a tenth. */
export const reserve = (remaining: number): number => Math.max(5, remaining / 10);

/**
 * What calls share that are made on behalf of one thing, an incoming message or a request at an edge: the time that is
 * left, the signals that cancel them, the trace that they belong to.
 */
export class Scope {
  /** No bound, no signal, no trace: calls on the bus itself. */
  static readonly open = new Scope(Number.POSITIVE_INFINITY, [], undefined, false);

  /** When the time is over, on the clock of `performance.now()`. */
  readonly endsAt: number;
  readonly signals: readonly AbortSignal[];
  readonly trace: Trace | undefined;
  /** Whether this is on behalf of a message: then its sender retries, if anybody does. */
  readonly nested: boolean;

  constructor(endsAt: number, signals: readonly AbortSignal[], trace: Trace | undefined, nested: boolean) {
    this.endsAt = endsAt;
    this.signals = signals;
    this.trace = trace;
    this.nested = nested;
  }

  /** Whether whoever it is made for has given up. */
  get aborted(): boolean {
    return this.signals.some((signal) => signal.aborted);
  }

  /** What is left, in ms; never less than 0. */
  get remaining(): number {
    return Math.max(0, this.endsAt - performance.now());
  }

  /** How long a call may take here that would like to take `timeout`, in ms: 0 when no time is left. */
  allowance(timeout: number): number {
    if (this.endsAt === Number.POSITIVE_INFINITY) return timeout;
    const remaining = this.remaining;
    return Math.max(0, Math.min(timeout, remaining - reserve(remaining)));
  }

  /** A scope within this one: the nearer end, both signals, the same trace. */
  within(timeout: number | undefined, signal: AbortSignal | undefined): Scope {
    const endsAt = timeout === undefined ? this.endsAt : Math.min(this.endsAt, performance.now() + timeout);
    const signals = signal ? [...this.signals, signal] : this.signals;
    return new Scope(endsAt, signals, this.trace, this.nested);
  }
}
