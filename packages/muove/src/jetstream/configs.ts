/** A duration of the API, in ns. */
export const nanoseconds = (ms: number): number => ms * 1_000_000;

/** What is said of a stream when it is made. The names are those of the API. */
export interface StreamConfig {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly retention: "workqueue" | "limits";
  readonly storage: "file" | "memory";
  readonly discard: "new";
  readonly max_bytes: number;
  readonly max_age: number;
  readonly num_replicas: number;
  readonly duplicate_window: number;
  // What a sender's headers could do to the letters of others, and where copies of letters could go.
  readonly allow_rollup_hdrs: false;
  readonly allow_msg_ttl: false;
  readonly allow_msg_schedules: false;
  readonly no_ack: false;
  readonly republish: null;
}

/** What is said of a consumer when it is made. */
export interface ConsumerConfig {
  readonly durable_name: string;
  readonly ack_policy: "explicit";
  readonly ack_wait: number;
  readonly max_deliver: number;
  readonly max_ack_pending: number;
  readonly max_waiting: number;
  readonly filter_subjects: readonly string[];
}

/** One setting that is not as the contract says. */
export interface Difference {
  /** Such as `max_bytes`. */
  readonly setting: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** The settings in which a configuration of the server differs from the expected one. */
export function differences(expected: StreamConfig | ConsumerConfig, found: unknown): Difference[] {
  const config = (found ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(expected).flatMap(([setting, value]) => {
    const there = setting === "filter_subjects" ? filtersIn(config) : config[setting];
    return same(value, there) ? [] : [{ setting, expected: value, found: there }];
  });
}

/** The server keeps one filter under another name. */
function filtersIn({ filter_subjects, filter_subject }: Readonly<Record<string, unknown>>): unknown {
  return filter_subjects ?? (filter_subject === undefined ? [] : [filter_subject]);
}

/** The server leaves out what is zero, false or nothing. */
function same(expected: unknown, found: unknown): boolean {
  if (!Array.isArray(expected)) return expected === found || (!expected && !found);
  return Array.isArray(found) && [...expected].sort().join(" ") === [...found].sort().join(" ");
}
