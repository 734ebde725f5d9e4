import { isSpanContextValid, trace } from "@opentelemetry/api";
import type { Trace } from "./trace.js";

// docs/protocol.md, clause H-5.

/** The ids by which a line of a log joins a trace, named as OpenTelemetry names them in logs that are not its own. */
export interface TraceIds {
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly trace_flags?: string;
}

const form = /(?:^|\n)traceparent: (?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})\r\n/;

/**
 * The ids of the span that it is in; else those in the W3C `traceparent` that came; none where there is no valid one.
 */
export function traceIds(within: Trace | undefined): TraceIds {
  if (within === undefined) return {};
  const span = within.context && trace.getSpanContext(within.context);
  if (span !== undefined && isSpanContextValid(span)) {
    const { traceId: trace_id, spanId: span_id, traceFlags } = span;
    return { trace_id, span_id, trace_flags: traceFlags.toString(16).padStart(2, "0") };
  }
  const [, trace_id, span_id, trace_flags] = form.exec(within.lines) ?? [];
  if (trace_id === undefined || span_id === undefined || trace_flags === undefined) return {};
  return { trace_id, span_id, trace_flags };
}
