import type { CastDefinition, Durable, Mail, Mailbox, Message, Schema } from "@muove/contract";
import { type ConsumerConfig, nanoseconds, type StreamConfig } from "../jetstream/configs.js";
import { type MailNames, mailNames } from "../wire/mail-subjects.js";

// docs/protocol.md, clauses L-1 to L-3 and L-8.

/** How long a delivery belongs to its holder without a sign of life, in ms. */
export const ackWait = 4_000;

/** The pauses after a failure, in ms, by level. A letter is put aside at a level, first in first out. */
export const pauses = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 21_600_000] as const;

/** How many letters of one consumer may be in work at all instances together. */
const maxInWork = 20_000;
/** How many letters of one level are moved at a time. */
const maxMoving = 64;
/** How many pulls may wait, which bounds the number of instances. */
const maxPulls = 2_048;

const deadFor = 14 * 86_400_000;
const leastDeadBytes = 1_048_576;

/** Everything that a mailbox's kept mail needs of JetStream. */
export interface MailPlan {
  readonly mailbox: string;
  readonly names: MailNames;
  readonly domain: string | undefined;
  readonly letters: StreamConfig;
  readonly dead: StreamConfig;
  /** By message. */
  readonly consumers: ReadonlyMap<string, ConsumerConfig>;
  /** By level. */
  readonly levels: readonly ConsumerConfig[];
}

/** The plan of a mailbox; `undefined` if it has no durable message. */
export function mailPlan(prefix: string | undefined, { name, messages, mail }: Mailbox): MailPlan | undefined {
  if (mail === undefined) return undefined;
  const names = mailNames(prefix, name);
  const durable = Object.keys(messages).filter((message) => isKept(messages[message]));
  return {
    mailbox: name,
    names,
    domain: mail.domain,
    letters: {
      ...settingsOf(mail),
      name: names.stream,
      subjects: [names.letter("*"), names.again("*"), names.retry("*", "*")],
      retention: "workqueue",
      max_bytes: mail.maxBytes,
      max_age: 0,
    },
    dead: {
      ...settingsOf(mail),
      name: names.deadStream,
      subjects: [names.dead("*")],
      retention: "limits",
      max_bytes: Math.max(leastDeadBytes, Math.floor(mail.maxBytes / 4)),
      max_age: nanoseconds(deadFor),
    },
    consumers: new Map(
      durable.map((message) => [message, consumer(message, maxInWork, [names.letter(message), names.again(message)])]),
    ),
    levels: pauses.map((_, level) => consumer(levelName(level), maxMoving, [names.retry(level, "*")])),
  };
}

/** The consumer of a level. No message has a name that begins like that. */
export const levelName = (level: number): string => `_retry-${level}`;

/** Whether a message is kept. */
export const isKept = (definition: Message | undefined): definition is CastDefinition<Schema | undefined, Durable> =>
  definition?.kind === "cast" && definition.durable !== undefined;

function settingsOf({ storage, replicas, duplicateWindow }: Mail) {
  return {
    storage,
    discard: "new",
    num_replicas: replicas,
    duplicate_window: nanoseconds(duplicateWindow),
    allow_rollup_hdrs: false,
    allow_msg_ttl: false,
    allow_msg_schedules: false,
    no_ack: false,
    republish: null,
  } as const;
}

function consumer(name: string, most: number, filters: readonly string[]): ConsumerConfig {
  return {
    durable_name: name,
    ack_policy: "explicit",
    ack_wait: nanoseconds(ackWait),
    max_deliver: -1,
    max_ack_pending: most,
    max_waiting: maxPulls,
    filter_subjects: filters,
  };
}
