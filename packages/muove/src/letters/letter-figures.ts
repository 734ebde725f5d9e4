import type { ApiResult, JetStreamApi } from "../jetstream/api.js";
import type { MailNames } from "../wire/mail-subjects.js";
import type { MailPlan } from "./streams.js";

/** What there is of one durable message, at all instances together, when it was last counted. */
export interface MessageLetters {
  /** Letters that no instance has. */
  readonly waiting: number;
  /** Letters that an instance has, or had when it was lost: those come again within 4 s. */
  readonly inWork: number;
  /** Letters that failed, and are tried again later. */
  readonly putAside: number;
  readonly dead: number;
  /** Whether an operator has paused it. */
  readonly paused: boolean;
}

/** The letters of a mailbox. */
export interface LetterFigures {
  /** When they were counted, in ms since the epoch on the server's clock. */
  readonly at: number;
  /** The age of the oldest letter that is not dead, in ms since it was stored or last put aside; 0 if there is none. */
  readonly oldest: number;
  /** By message. */
  readonly messages: Readonly<Record<string, MessageLetters>>;
}

/** In the metadata of a message's consumer: whether it is paused. See docs/protocol.md, clause L-20. */
export const pausedKey = "muove.paused";

type Refused = Exclude<ApiResult, { readonly kind: "reply" }>;
type Body = Readonly<Record<string, unknown>>;

/** Counts the letters of a mailbox. It takes one request for each durable message, and two more. */
export async function readLetterFigures(
  api: JetStreamApi,
  { names, consumers }: MailPlan,
): Promise<LetterFigures | Refused> {
  const everySubject = { subjects_filter: ">" };
  const messages = [...consumers.keys()];
  const [letters, dead, ...infos] = await Promise.all([
    api.request(`STREAM.INFO.${names.stream}`, everySubject),
    api.request(`STREAM.INFO.${names.deadStream}`, everySubject),
    ...messages.map((message) => api.request(`CONSUMER.INFO.${names.stream}.${message}`)),
  ]);
  const refused = [letters, dead, ...infos].find((result): result is Refused => result.kind !== "reply");
  if (letters.kind !== "reply" || dead.kind !== "reply" || refused !== undefined) return refused as Refused;
  const counted = { names, kept: countsIn(letters.body), dead: countsIn(dead.body) };
  const bodies = infos.map((info) => (info as { readonly body: Body }).body);
  return {
    ...timesIn(letters.body),
    messages: Object.fromEntries(messages.map((message, i) => [message, figuresOf(message, bodies[i] ?? {}, counted)])),
  };
}

interface Counted {
  readonly names: MailNames;
  /** How many letters each subject has. */
  readonly kept: Readonly<Record<string, number>>;
  readonly dead: Readonly<Record<string, number>>;
}

function figuresOf(message: string, consumer: Body, { names, kept, dead }: Counted): MessageLetters {
  const { num_pending: waiting, num_ack_pending: inWork, config } = consumer;
  const [before, after] = names.retry("*", message).split("*") as [string, string];
  const aside = Object.entries(kept).filter(([subject]) => subject.startsWith(before) && subject.endsWith(after));
  return {
    waiting: count(waiting),
    inWork: count(inWork),
    putAside: aside.reduce((sum, [, letters]) => sum + letters, 0),
    dead: count(dead[names.dead(message)]),
    paused: isPaused(config),
  };
}

/** Whether the configuration of a message's consumer says that it is paused. */
export function isPaused(config: unknown): boolean {
  const { metadata } = (config ?? {}) as { readonly metadata?: Readonly<Record<string, unknown>> };
  return metadata?.[pausedKey] === "true";
}

function countsIn({ state }: Body): Readonly<Record<string, number>> {
  return ((state ?? {}) as { readonly subjects?: Readonly<Record<string, number>> }).subjects ?? {};
}

function timesIn({ state, ts }: Body): { readonly at: number; readonly oldest: number } {
  const { messages, first_ts } = (state ?? {}) as { readonly messages?: unknown; readonly first_ts?: unknown };
  const at = Date.parse(String(ts));
  const first = Date.parse(String(first_ts));
  return { at, oldest: count(messages) > 0 && at > first ? at - first : 0 };
}

const count = (value: unknown): number => (typeof value === "number" ? value : 0);
