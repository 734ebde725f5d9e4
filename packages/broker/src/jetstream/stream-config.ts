import { collide, isValid } from "../subjects/subjects.js";
import { type ApiError, streamRefusals } from "./api-error.js";
import { demandLimits, type Said } from "./shapes.js";
import { toKey } from "./units.js";

/** The configuration of a stream: complete, with the names and units of the API. */
export interface StreamConfig {
  readonly name: string;
  readonly description?: string;
  readonly subjects: readonly string[];
  readonly retention: "limits" | "interest" | "workqueue";
  readonly max_consumers: number;
  readonly max_msgs: number;
  readonly max_bytes: number;
  readonly max_age: number;
  readonly max_msgs_per_subject: number;
  readonly max_msg_size: number;
  readonly discard: "old" | "new";
  readonly storage: "file" | "memory";
  readonly num_replicas: number;
  readonly no_ack?: true;
  readonly duplicate_window: number;
  readonly placement?: object;
  readonly compression: "none" | "s2";
  readonly first_seq?: number;
  readonly allow_direct: boolean;
  readonly mirror_direct: false;
  readonly discard_new_per_subject?: true;
  readonly sealed: boolean;
  readonly deny_delete: boolean;
  readonly deny_purge: boolean;
  readonly allow_rollup_hdrs: boolean;
  readonly consumer_limits: { readonly inactive_threshold?: number; readonly max_ack_pending?: number };
  readonly metadata?: Readonly<Record<string, string>>;
}

export const maxNameLength = 255;
export const maxDescriptionLength = 4_096;
export const maxMetadataLength = 131_072;
const maxReplicas = 5;
/** More subjects than this take too long to compare. nats-server has no such bound. */
const maxSubjects = 1_024;
/** 100 ms and two minutes, in ns. */
const shortestTime = 1e8;
const standardWindow = 12e10;

const { invalid, negativeReplicas } = streamRefusals;

/** Whether a stream or consumer may have this name. */
export const isName = (name: string): boolean => name !== "" && !/[ \t\r\n\f.*>]/.test(name);

export const metadataLength = (metadata: Readonly<Record<string, string>>): number =>
  Object.entries(metadata).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);

/** Adds defaults to what a request says of a stream, and checks it. @throws ApiError */
export function streamConfig(said: Said): StreamConfig {
  checkNames(said);
  refuseUnsupported(said);
  const config = withDefaults(said);
  checkTimes(config);
  checkPolicies(config);
  checkSubjects(config);
  return config;
}

function checkNames({ name = "", description = "", metadata = {} }: Said): void {
  if (!isName(name as string)) throw invalid("stream name is required and can not contain '.', '*', '>'");
  if (Buffer.byteLength(name as string) > maxNameLength) {
    throw invalid(`stream name is too long, maximum allowed is ${maxNameLength}`);
  }
  if (Buffer.byteLength(description as string) > maxDescriptionLength) {
    throw invalid(`stream description is too long, maximum allowed is ${maxDescriptionLength}`);
  }
  if (metadataLength(metadata as Record<string, string>) > maxMetadataLength) {
    throw invalid(`stream metadata exceeds maximum size of ${maxMetadataLength} bytes`);
  }
}

/** What this broker leaves out must not be taken and then ignored. */
function refuseUnsupported({ mirror, sources, subject_transform, republish, template_owner }: Said): void {
  if (mirror !== undefined) throw unsupported("mirrors");
  if ((sources as unknown[] | undefined)?.length) throw unsupported("sources");
  if (subject_transform !== undefined) throw unsupported("subject transforms");
  if (republish !== undefined) throw unsupported("republishing");
  if (template_owner) throw unsupported("templates");
}

const unsupported = (what: string): ApiError => invalid(`this broker does not support ${what}`);

function withDefaults(said: Said): StreamConfig {
  const { name, subjects, max_age: age = 0, metadata } = said as Partial<StreamConfig>;
  const orNone = (field: string): number => (said[field] as number | undefined) || -1;
  const flag = (field: string): boolean => said[field] === true;
  return Object.freeze({
    ...optional(said, "description"),
    name: name as string,
    subjects: subjects?.length ? subjects : [name as string],
    retention: (said.retention as StreamConfig["retention"]) ?? "limits",
    max_consumers: orNone("max_consumers"),
    max_msgs: orNone("max_msgs"),
    max_bytes: orNone("max_bytes"),
    max_age: age,
    max_msgs_per_subject: orNone("max_msgs_per_subject"),
    max_msg_size: orNone("max_msg_size"),
    discard: (said.discard as StreamConfig["discard"]) ?? "old",
    storage: (said.storage as StreamConfig["storage"]) ?? "file",
    num_replicas: (said.num_replicas as number) || 1,
    ...optional(said, "no_ack", "placement"),
    duplicate_window: (said.duplicate_window as number) || (age > 0 ? Math.min(age, standardWindow) : standardWindow),
    compression: (said.compression as StreamConfig["compression"]) ?? "none",
    ...optional(said, "first_seq"),
    allow_direct: flag("allow_direct"),
    mirror_direct: false as const,
    ...optional(said, "discard_new_per_subject"),
    sealed: flag("sealed"),
    deny_delete: flag("deny_delete"),
    deny_purge: flag("deny_purge"),
    allow_rollup_hdrs: flag("allow_rollup_hdrs"),
    consumer_limits: optional(demandLimits(said.consumer_limits), "inactive_threshold", "max_ack_pending"),
    ...(metadata && Object.keys(metadata).length > 0 && { metadata: sorted(metadata) }),
  });
}

/** Fields that the API leaves out when they are zero, false, empty or missing. */
export function optional(said: Said, ...fields: string[]): Record<string, never> {
  const given = fields.filter((field) => said[field]).map((field) => [field, said[field]]);
  return Object.fromEntries(given) as Record<string, never>;
}

export const sorted = (map: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));

function checkTimes({ num_replicas, max_age, duplicate_window }: StreamConfig): void {
  if (num_replicas > maxReplicas) throw invalid(`maximum replicas is ${maxReplicas}`);
  if (num_replicas < 0) throw negativeReplicas();
  if (max_age > 0 && max_age < shortestTime) throw invalid("max age needs to be >= 100ms");
  if (duplicate_window < 0) throw invalid("duplicates window can not be negative");
  if (max_age !== 0 && duplicate_window > max_age) throw invalid("duplicates window can not be larger then max age");
  if (duplicate_window < shortestTime) throw invalid("duplicates window needs to be >= 100ms");
}

function checkPolicies(config: StreamConfig): void {
  const { deny_purge, allow_rollup_hdrs, discard_new_per_subject, discard, max_msgs_per_subject } = config;
  if (deny_purge && allow_rollup_hdrs) throw invalid("roll-ups require the purge permission");
  if (!discard_new_per_subject) return;
  if (discard !== "new") throw invalid("discard new per subject requires discard new policy to be set");
  if (max_msgs_per_subject <= 0) throw invalid("discard new per subject requires max msgs per subject > 0");
}

function checkSubjects({ subjects, no_ack }: StreamConfig): void {
  if (subjects.length > maxSubjects) throw invalid(`this broker allows ${maxSubjects} subjects`);
  const keys = subjects.map(toKey);
  for (const [i, subject] of keys.entries()) {
    if (!isValid(subject)) throw invalid("invalid subject");
    if (keys.indexOf(subject) < i) throw invalid("duplicate subjects detected");
    if (!no_ack) checkReserved(subject);
  }
  for (const [i, subject] of keys.entries()) {
    const other = keys.findIndex((each, j) => i !== j && collide(each, subject));
    if (other >= 0) throw invalid(`subject "${subjects[i]}" overlaps with "${subjects[other]}"`);
  }
}

/** The acknowledgement of a stream must not be taken for an answer of the server itself. */
function checkReserved(subject: string): void {
  if (subject === ">") throw invalid("capturing all subjects requires no-ack to be true");
  if ((isBelow(subject, "$JS") || isBelow(subject, "$JSC")) && !isBelow(subject, "$JS.EVENT")) {
    throw invalid("subjects that overlap with jetstream api require no-ack to be true");
  }
  if (isBelow(subject, "$SYS") && !isBelow(subject, "$SYS.ACCOUNT")) {
    throw invalid("subjects that overlap with system api require no-ack to be true");
  }
}

const isBelow = (subject: string, prefix: string): boolean => subject.startsWith(`${prefix}.`);
