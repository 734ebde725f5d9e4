// docs/protocol.md, clause R-9.

const keys: ReadonlySet<string> = new Set(["stream", "seq", "domain", "duplicate", "batch", "count", "val", "error"]);

/**
 * Whether a decoded JSON reply has the form of a JetStream publication's acknowledgement: a stream that captures a
 * mailbox's subjects answers every request with one, usually before the service does. One that is full answers with an
 * `error`, a stream and a `seq` of 0. A service's own answer in that form says whose it is, which no stream
 * does.
 */
export function isStreamAcknowledgement(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { stream, seq } = value as { stream?: unknown; seq?: unknown };
  return typeof stream === "string" && Number.isInteger(seq) && Object.keys(value).every((key) => keys.has(key));
}
