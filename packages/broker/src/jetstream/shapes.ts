import { decode, readFields, type Shape } from "../wire/json.js";
import { refusals } from "./api-error.js";

type Check = Shape[string];

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const whole: Check = (value) => Number.isSafeInteger(value);
const natural: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const time: Check = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
const object: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const map: Check = (value) => object(value) && Object.values(value as object).every(text);
const list =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item);
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    typeof value === "string" && values.includes(value);

const all = (check: Check, ...names: string[]): Shape => Object.fromEntries(names.map((name) => [name, check]));

const streamShape: Shape = {
  ...all(text, "name", "description", "template_owner"),
  ...all(whole, "max_consumers", "max_msgs", "max_bytes", "max_age", "max_msgs_per_subject", "max_msg_size"),
  ...all(whole, "num_replicas", "duplicate_window"),
  ...all(flag, "no_ack", "allow_direct", "mirror_direct", "discard_new_per_subject"),
  ...all(flag, "sealed", "deny_delete", "deny_purge", "allow_rollup_hdrs"),
  ...all(object, "placement", "mirror", "subject_transform", "republish", "consumer_limits"),
  subjects: list(text),
  sources: list(object),
  retention: oneOf("limits", "interest", "workqueue"),
  discard: oneOf("old", "new"),
  storage: oneOf("file", "memory"),
  compression: oneOf("none", "s2"),
  first_seq: natural,
  metadata: map,
};

const limitsShape: Shape = all(whole, "inactive_threshold", "max_ack_pending");

const consumerShape: Shape = {
  ...all(text, "durable_name", "name", "description", "filter_subject", "sample_freq"),
  ...all(text, "deliver_subject", "deliver_group"),
  ...all(whole, "ack_wait", "max_deliver", "max_waiting", "max_ack_pending", "idle_heartbeat", "max_batch"),
  ...all(whole, "max_expires", "max_bytes", "inactive_threshold", "num_replicas"),
  ...all(natural, "opt_start_seq", "rate_limit_bps"),
  ...all(flag, "flow_control", "headers_only", "mem_storage", "direct"),
  deliver_policy: oneOf("all", "last", "new", "by_start_sequence", "by_start_time", "last_per_subject", "undefined"),
  ack_policy: oneOf("none", "all", "explicit"),
  replay_policy: oneOf("instant", "original"),
  opt_start_time: time,
  backoff: list(whole),
  filter_subjects: list(text),
  metadata: map,
};

const shapes = {
  stream: streamShape,
  createConsumer: { stream_name: text, config: object, action: oneOf("", "create", "update") },
  page: { offset: whole, subject: text },
  streamInfo: { offset: whole, deleted_details: flag, subjects_filter: text },
  getMessage: { seq: natural, last_by_subj: text, next_by_subj: text },
  deleteMessage: { seq: natural, no_erase: flag },
  purge: { seq: natural, filter: text, keep: natural },
  next: { ...all(whole, "expires", "batch", "max_bytes", "idle_heartbeat"), no_wait: flag },
  nakOptions: { delay: whole },
} satisfies Record<string, Shape>;

/** What a request says. Times are in nanoseconds. */
export type Said = Readonly<Record<string, unknown>>;

/** Reads the JSON of a request as nats-server would. Undefined if it cannot be read. */
export function said(shape: keyof typeof shapes, body: Buffer): Said | undefined {
  return decode(shapes[shape], body);
}

/** @throws ApiError */
export function demand(shape: keyof typeof shapes, body: Buffer): Said {
  const request = said(shape, body);
  if (request === undefined) throw refusals.invalidJson();
  return request;
}

/** The configuration of a consumer within a request. @throws ApiError */
export const demandConsumer = (config: unknown): Said => demandFields(consumerShape, config);

/** The limits for consumers within the configuration of a stream. @throws ApiError */
export const demandLimits = (limits: unknown): Said => demandFields(limitsShape, limits);

function demandFields(shape: Shape, value: unknown): Said {
  const known = readFields(shape, (value ?? {}) as Record<string, unknown>);
  if (known === undefined) throw refusals.invalidJson();
  return known;
}

/** Whether a request says nothing. */
export const isEmpty = (body: Buffer): boolean => /^\s*(\{\s*\})?\s*$/.test(body.toString("latin1"));
