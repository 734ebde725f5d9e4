import { type Context, context, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { traceHeadersIn, traceLines } from "../wire/trace-headers.js";

/** A position in a distributed trace. Messages sent on its behalf carry it. */
export interface Trace {
  /** Its header lines; see `traceLines`. */
  readonly lines: string;
  /**
   * Its OpenTelemetry context, if an SDK is registered.
   *
   * @internal
   */
  readonly context: Context | undefined;
}

/** The trace of a message without an SDK: it is passed on as received. */
export function passedOn(lines: string): Trace | undefined {
  return lines === "" ? undefined : { lines, context: undefined };
}

/**
 * Reads a message's trace with the registered propagator.
 *
 * @internal
 */
export function extracted(lines: string): Context {
  return lines === "" ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, traceHeadersIn(lines));
}

/**
 * Writes a context with the registered propagator.
 *
 * @internal
 */
export function injected(within: Context): string {
  const carrier: Record<string, string> = {};
  propagation.inject(within, carrier);
  return traceLines((name) => carrier[name]);
}

/**
 * The active OpenTelemetry context if there is one, else that of the scope.
 *
 * @internal
 */
export function parentIn(scope: Trace | undefined): Context {
  const active = context.active();
  return scope?.context === undefined || trace.getSpanContext(active) !== undefined ? active : scope.context;
}
