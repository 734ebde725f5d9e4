import { isSpanContextValid, trace } from "@opentelemetry/api";
import type { Trace } from "./trace.js";

// docs/protocol.md, clause H-5.

/** The ids that connect a log line with a trace, named as OpenTelemetry specifies for other log formats. */
export interface TraceIds {
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly trace_flags?: string;
}

const form = /(?:^|\n)traceparent: (?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})\r\n/;

/** The ids of the current span, else those of the received W3C `traceparent`, else none. */
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
