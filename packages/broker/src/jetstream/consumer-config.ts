import { collide, isValid } from "../subjects/subjects.js";
import { consumerRefusals, streamRefusals } from "./api-error.js";
import type { Said } from "./shapes.js";
import {
  maxDescriptionLength,
  maxMetadataLength,
  metadataLength,
  optional,
  type StreamConfig,
  sorted,
} from "./stream-config.js";
import { goDuration, toKey } from "./units.js";

export type DeliverPolicy = "all" | "last" | "new" | "by_start_sequence" | "by_start_time" | "last_per_subject";

/** The configuration of a consumer: complete, with the names and units of the API. */
export interface ConsumerConfig {
  readonly durable_name?: string;
  readonly name?: string;
  readonly description?: string;
  readonly deliver_policy: DeliverPolicy;
  readonly opt_start_seq?: number;
  readonly opt_start_time?: string;
  readonly ack_policy: "none" | "all" | "explicit";
  readonly ack_wait?: number;
  readonly max_deliver: number;
  readonly backoff?: readonly number[];
  readonly filter_subject?: string;
  readonly filter_subjects?: readonly string[];
  readonly replay_policy: "instant";
  readonly sample_freq?: string;
  readonly max_waiting: number;
  readonly max_ack_pending?: number;
  readonly headers_only?: true;
  readonly max_batch?: number;
  readonly max_expires?: number;
  readonly max_bytes?: number;
  readonly inactive_threshold?: number;
  readonly num_replicas: number;
  readonly mem_storage?: true;
  readonly metadata?: Readonly<Record<string, string>>;
}

const standardWaiting = 512;
const standardAckPending = 1_000;
/** 30 s and 5 s, in ns. */
const standardAckWait = 3e10;
const standardThreshold = 5e9;
const millisecond = 1e6;
/** More filters than this take too long to compare. nats-server has no such bound. */
const maxFilters = 1_024;

/** Adds defaults to what a request says of a consumer of that stream, and checks it. @throws ApiError */
export function consumerConfig(said: Said, stream: StreamConfig): ConsumerConfig {
  refuseUnsupported(said);
  const config = withDefaults(said, stream);
  checkReplicas(config, stream);
  checkTexts(config);
  checkPull(said, config, stream);
  checkLimits(config, stream);
  checkFilters(config);
  checkStart(config);
  checkSampling(config);
  const { durable_name, name } = config;
  if (durable_name && name && durable_name !== name) throw consumerRefusals.durableAndName();
  return config;
}

/** The subjects that a consumer filters, as keys; none for all. */
export const filtersOf = ({ filter_subject, filter_subjects = [] }: ConsumerConfig): readonly string[] =>
  (filter_subject ? [filter_subject] : filter_subjects).map(toKey);

/** What this broker leaves out must not be taken and then ignored. */
function refuseUnsupported({ deliver_subject, replay_policy }: Said): void {
  if (deliver_subject) throw consumerRefusals.failed("this broker does not support push consumers");
  if (replay_policy === "original")
    throw consumerRefusals.failed("this broker does not support replay at original speed");
}

function withDefaults(said: Said, { consumer_limits }: StreamConfig): ConsumerConfig {
  const number = (field: string): number => (said[field] as number | undefined) ?? 0;
  const { deliver_policy = "all", ack_policy = "none", backoff, metadata } = said as Partial<ConsumerConfig>;
  const acks = ack_policy !== "none";
  const ackWait = backoff?.[0] ?? (number("ack_wait") || (acks ? standardAckWait : 0));
  const limits = {
    ack_wait: ackWait,
    max_ack_pending:
      number("max_ack_pending") || consumer_limits.max_ack_pending || (acks ? standardAckPending : undefined),
    inactive_threshold: number("inactive_threshold") || consumer_limits.inactive_threshold || 0,
  };
  if (!said.durable_name && limits.inactive_threshold <= 0) limits.inactive_threshold = standardThreshold;
  return Object.freeze({
    ...optional(said, "durable_name", "name", "description"),
    deliver_policy: (deliver_policy as string) === "undefined" ? "all" : deliver_policy,
    ...optional(said, "opt_start_seq", "opt_start_time"),
    ack_policy,
    ...optional(limits, "ack_wait"),
    max_deliver: number("max_deliver") || -1,
    ...(backoff?.length && { backoff }),
    ...optional(said, "filter_subject"),
    ...((said.filter_subjects as unknown[] | undefined)?.length && optional(said, "filter_subjects")),
    replay_policy: "instant" as const,
    ...optional(said, "sample_freq"),
    max_waiting: number("max_waiting") || standardWaiting,
    ...optional(limits, "max_ack_pending"),
    ...optional(said, "headers_only", "max_batch", "max_expires", "max_bytes"),
    ...optional(limits, "inactive_threshold"),
    num_replicas: number("num_replicas"),
    ...optional(said, "mem_storage"),
    ...(metadata && Object.keys(metadata).length > 0 && { metadata: sorted(metadata) }),
  });
}

function checkReplicas({ num_replicas, max_deliver, backoff = [] }: ConsumerConfig, stream: StreamConfig): void {
  if (num_replicas > 0 && num_replicas > stream.num_replicas) throw consumerRefusals.replicas();
  if (num_replicas < 0) throw streamRefusals.negativeReplicas();
  if (max_deliver !== -1 && backoff.length > max_deliver) throw consumerRefusals.backoff();
}

function checkTexts({ description = "", metadata = {} }: ConsumerConfig): void {
  if (Buffer.byteLength(description) > maxDescriptionLength) {
    throw consumerRefusals.descriptionTooLong(maxDescriptionLength);
  }
  if (metadataLength(metadata) > maxMetadataLength) {
    throw consumerRefusals.metadataTooLong(`${maxMetadataLength / 1_024}KB`);
  }
}

function checkPull(said: Said, config: ConsumerConfig, { retention }: StreamConfig): void {
  const { ack_policy, max_waiting, max_batch = 0, max_expires = 0 } = config;
  if (ack_policy === "none" && retention === "workqueue") throw consumerRefusals.pullNeedsAck();
  if (said.rate_limit_bps) throw consumerRefusals.rateLimit();
  if (max_waiting < 0) throw consumerRefusals.negativeWaiting();
  if (((said.idle_heartbeat as number | undefined) ?? 0) > 0) throw consumerRefusals.heartbeat();
  if (said.flow_control) throw consumerRefusals.flowControl();
  if (max_batch < 0) throw consumerRefusals.negativeBatch();
  if (max_expires !== 0 && max_expires < millisecond) throw consumerRefusals.shortExpires();
  if (said.direct) throw consumerRefusals.direct();
}

function checkLimits(config: ConsumerConfig, { consumer_limits }: StreamConfig): void {
  const { max_ack_pending: most = 0, inactive_threshold: longest = 0 } = consumer_limits;
  if (most > 0 && (config.max_ack_pending ?? 0) > most) throw consumerRefusals.ackPending(most);
  if (longest > 0 && (config.inactive_threshold ?? 0) > longest) {
    throw consumerRefusals.inactiveThreshold(goDuration(longest));
  }
}

function checkFilters(config: ConsumerConfig): void {
  const { filter_subject, filter_subjects = [] } = config;
  if (filter_subject && filter_subjects.length > 0) throw consumerRefusals.filterTwice();
  if (filter_subjects.includes("")) throw consumerRefusals.emptyFilter();
  if (filter_subjects.length > maxFilters) throw consumerRefusals.failed(`this broker allows ${maxFilters} filters`);
  const filters = filtersOf(config);
  for (const [i, filter] of filters.entries()) {
    if (!isValid(filter)) throw streamRefusals.invalid("invalid subject");
    if (filters.some((other, j) => i !== j && collide(filter, other))) throw consumerRefusals.filtersOverlap();
  }
}

/** What each policy calls itself in errors, which start it needs, and which it may not have. */
const policies: Readonly<Record<DeliverPolicy, { name: string; sequence?: "needed"; time?: "needed" }>> = {
  all: { name: "all" },
  last: { name: "last" },
  last_per_subject: { name: "last per subject" },
  new: { name: "new" },
  by_start_sequence: { name: "by start sequence", sequence: "needed" },
  by_start_time: { name: "by start time", time: "needed" },
};

function checkStart(config: ConsumerConfig): void {
  const { deliver_policy, opt_start_seq, opt_start_time } = config;
  const { name, sequence, time } = policies[deliver_policy];
  const refuse = (problem: string): never => {
    throw consumerRefusals.policy(`consumer delivery policy is deliver ${name}, but optional ${problem}`);
  };
  if (sequence && !opt_start_seq) refuse("start sequence is not set");
  if (time && !opt_start_time) refuse("start time is not set");
  if (!sequence && opt_start_seq) refuse(time ? "start start sequence is also set" : "start sequence is also set");
  if (!time && opt_start_time) refuse("start time is also set");
  if (deliver_policy === "last_per_subject" && filtersOf(config).length === 0) refuse("filter subject is not set");
}

function checkSampling({ sample_freq: frequency }: ConsumerConfig): void {
  if (frequency === undefined) return;
  const number = frequency.replace(/%$/, "");
  if (/^\+?\d{1,18}$/.test(number)) return;
  const parsing = `strconv.Atoi: parsing ${JSON.stringify(number)}: invalid syntax`;
  throw consumerRefusals.sampling(/^-\d+$/.test(number) ? "%!w(<nil>)" : parsing);
}
