import { type Context, context, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { traceHeadersIn, traceLines } from "../wire/trace-headers.js";

/** Where something belongs in a distributed trace: what is sent on its behalf carries it on. */
export interface Trace {
  /** The header lines by which it travels: see `traceLines`. */
  readonly lines: string;
  /** OpenTelemetry's context of it, where an SDK is registered. */
  readonly context: Context | undefined;
}

/** The trace of a message where no SDK is registered: it is passed on as it came. */
export function passedOn(lines: string): Trace | undefined {
  return lines === "" ? undefined : { lines, context: undefined };
}

/** What came with a message of its trace, as the registered propagator reads it. */
export function extracted(lines: string): Context {
  return lines === "" ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, traceHeadersIn(lines));
}

/** A context as the registered propagator writes it. */
export function injected(within: Context): string {
  const carrier: Record<string, string> = {};
  propagation.inject(within, carrier);
  return traceLines((name) => carrier[name]);
}

/** What is being done at the moment, if OpenTelemetry knows it; else what the scope is made for. */
export function parentIn(scope: Trace | undefined): Context {
  const active = context.active();
  return scope?.context === undefined || trace.getSpanContext(active) !== undefined ? active : scope.context;
}
