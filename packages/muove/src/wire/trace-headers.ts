// docs/protocol.md, clause H-5.

const traceparentForm = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
/** One line of visible ASCII, so that it cannot add another header. The bounds are from the W3C specifications. */
const tracestateForm = /^[\x20-\x7e]{1,512}$/;
const baggageForm = /^[\x20-\x7e]{1,8192}$/;

/**
 * The W3C trace context and baggage headers as header lines, each with its CR LF. Malformed ones are left out, and so
 * is a `tracestate` without a `traceparent`.
 */
export function traceLines(header: (name: string) => string | undefined): string {
  const traceparent = header("traceparent") ?? "";
  const traced = traceparentForm.test(traceparent);
  let lines = traced ? `traceparent: ${traceparent}\r\n` : "";
  if (traced) lines += lineOf("tracestate", header("tracestate"), tracestateForm);
  return lines + lineOf("baggage", header("baggage"), baggageForm);
}

/** The same headers by name. */
export function traceHeadersIn(lines: string): Record<string, string> {
  const pairs = lines.split("\r\n").map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
  return Object.fromEntries(pairs.filter(([name]) => name !== ""));
}

const lineOf = (name: string, value: string | undefined, form: RegExp): string =>
  value !== undefined && form.test(value) ? `${name}: ${value}\r\n` : "";
