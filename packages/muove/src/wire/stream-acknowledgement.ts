// docs/protocol.md, clause R-9.

const keys: ReadonlySet<string> = new Set(["stream", "seq", "domain", "duplicate", "batch", "count", "val", "error"]);

/**
 * Whether a decoded JSON reply looks like a JetStream publish acknowledgement. A stream that captures a mailbox's
 * subjects answers every request with one, usually before the service does. A full stream answers with an `error`, its
 * name and a `seq` of 0. A service's own answer of that form names its sender, which no stream does.
 */
export function isStreamAcknowledgement(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { stream, seq } = value as { stream?: unknown; seq?: unknown };
  return typeof stream === "string" && Number.isInteger(seq) && Object.keys(value).every((key) => keys.has(key));
}
