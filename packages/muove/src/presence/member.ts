import { type Tags, tagsProblem } from "../address/tags.js";

// docs/protocol.md, clauses W-2 and W-3.

/** An instance that serves a mailbox, as it says of itself. */
export interface Member {
  /** Its id: new with every start of a process, the same over every loss of its connection. */
  readonly instance: string;
  readonly service: string;
  /** The version of its contract. */
  readonly version: string;
  readonly tags: Tags;
  /** Since when it serves the mailbox, in ms since the epoch, by its own clock. */
  readonly since: number;
  /** Whether it misses somebody whom it calls; as of its last beat. */
  readonly degraded: boolean;
}

/** What an instance answers when it is asked whether it is there. */
export interface Card {
  readonly member: Member;
  /** It has begun to shut down: it takes no more messages. */
  readonly leaving: boolean;
}

const name = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const id = /^[A-Za-z0-9_-]{1,64}$/;
const version = /^[0-9A-Za-z.+-]{1,64}$/;
/** The last instant that JavaScript has a date for. */
const latest = 8_640_000_000_000_000;

/**
 * Reads what an instance says of itself; nothing where it is not in the form of the protocol: bytes are not to be
 * trusted.
 */
export function readMember(value: unknown): Member | undefined {
  const said = (value ?? {}) as Record<string, unknown>;
  const { instance, service, tags = {}, since, degraded } = said;
  if (!isInstance(instance) || !isService(service) || tagsProblem(tags) !== undefined) return undefined;
  if (!isText(said.version, version) || !isInstant(since)) return undefined;
  return { instance, service, version: said.version, tags: tags as Tags, since, degraded: degraded === true };
}

/** As for `readMember()`. */
export function readCard(value: unknown): Card | undefined {
  const member = readMember(value);
  return member && { member, leaving: (value as Record<string, unknown>).leaving === true };
}

export const isInstance = (value: unknown): value is string => isText(value, id);

export const isService = (value: unknown): value is string => isText(value, name);

const isText = (value: unknown, form: RegExp): value is string => typeof value === "string" && form.test(value);

const isInstant = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= latest;
