// docs/protocol.md, clause H-5.

/** The ids by which a line of a log joins a trace, named as OpenTelemetry names them in logs that are not its own. */
export interface TraceIds {
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly trace_flags?: string;
}

const form = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The ids in a W3C `traceparent`; none where it is missing or invalid. */
export function traceIds(traceparent: string | undefined): TraceIds {
  const [, trace_id, span_id, trace_flags] = form.exec(traceparent ?? "") ?? [];
  if (trace_id === undefined || span_id === undefined || trace_flags === undefined) return {};
  return { trace_id, span_id, trace_flags };
}
