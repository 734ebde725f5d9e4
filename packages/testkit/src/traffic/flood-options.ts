import { check, rule } from "../options.js";

export interface FloodOptions {
  /** With credentials if needed: `nats://user:pass@host:port`, `nats://token@host:port`. */
  readonly url: string;
  /** The subject, or a function of the message's number, starting at 0. */
  readonly subject: string | ((i: number) => string);
  /** The payload of every message. Default: empty. */
  readonly payload?: Uint8Array | string;
  /** Returns the payload for a message's number, starting at 0. Replaces `payload`. */
  readonly make?: (i: number) => Uint8Array | string;
  /** Messages per second. Default: as many as NATS accepts. */
  readonly rate?: number;
  /** The most messages. Default: limited only by time. */
  readonly count?: number;
  /** The longest time, in ms. Default 10,000. */
  readonly during?: number;
  /** The reply subject. Default: none. */
  readonly reply?: string;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

const rules = {
  url: rule.natsUrl,
  subject: (value: unknown) => (typeof value === "function" ? undefined : rule.subject(value)),
  payload: (value: unknown) =>
    typeof value === "string" || value instanceof Uint8Array ? undefined : "must be a string or bytes",
  make: rule.function,
  rate: rule.count,
  count: rule.count,
  during: rule.milliseconds,
  reply: rule.subject,
  signal: rule.signal,
};

/** @throws TestkitError MUOVE_TESTKIT_INVALID_OPTIONS */
export function checkFloodOptions(options: FloodOptions): void {
  const { url, subject, payload, make } = options ?? {};
  check("flood()", options, rules, [
    url === undefined && "url is missing",
    subject === undefined && "subject is missing",
    payload !== undefined && make !== undefined && "payload and make exclude each other",
  ]);
}
