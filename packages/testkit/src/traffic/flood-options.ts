import { check, rule } from "../options.js";

export interface FloodOptions {
  /** With the credentials, if it asks for some: `nats://user:pass@host:port`, `nats://token@host:port`. */
  readonly url: string;
  /** Where to, or a function that says it of each message by its number, from 0 on. */
  readonly subject: string | ((i: number) => string);
  /** What every message carries. Default: nothing. */
  readonly payload?: Uint8Array | string;
  /** Makes each message's payload by its number, from 0 on; in place of `payload`. */
  readonly make?: (i: number) => Uint8Array | string;
  /** Messages per second. Default: as many as NATS takes. */
  readonly rate?: number;
  /** Most messages. Default: no bound but the time. */
  readonly count?: number;
  /** Longest time, in ms. Default 10,000. */
  readonly during?: number;
  /** Where answers are to go. Default: nowhere. */
  readonly reply?: string;
  /** Stops it. */
  readonly signal?: AbortSignal;
}

const rules = {
  url: rule.natsUrl,
  subject: (value: unknown) => (typeof value === "function" ? undefined : rule.subject(value)),
  payload: (value: unknown) =>
    typeof value === "string" || value instanceof Uint8Array ? undefined : "must be a text or bytes",
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
