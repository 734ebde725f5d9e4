const keys: ReadonlySet<string> = new Set(["stream", "seq", "domain", "duplicate", "batch", "count", "val"]);

/**
 * Whether a decoded JSON reply has the form of a JetStream publication's acknowledgement: a stream that captures a
 * mailbox's subjects answers every request with one, usually before the service does.
 */
export function isStreamAcknowledgement(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { stream, seq } = value as { stream?: unknown; seq?: unknown };
  return typeof stream === "string" && Number.isInteger(seq) && Object.keys(value).every((key) => keys.has(key));
}
