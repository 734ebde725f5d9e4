import { type Tags, tagsProblem } from "../address/tags.js";

// docs/protocol.md, clauses W-2 and W-3.

/** An instance that serves a mailbox, as it describes itself. */
export interface Member {
  /** Its id: new with every start of a process, and stable across reconnects. */
  readonly instance: string;
  readonly service: string;
  /** The version of its contract. */
  readonly version: string;
  readonly tags: Tags;
  /** When it began to serve the mailbox, in ms since the epoch, by its own clock. */
  readonly since: number;
  /** Whether one of its own peers is missing, as of its last beat. */
  readonly degraded: boolean;
}

/** An instance's answer to a presence query. */
export interface Card {
  readonly member: Member;
  /** It is shutting down and takes no more messages. */
  readonly leaving: boolean;
}

const name = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const id = /^[A-Za-z0-9_-]{1,64}$/;
const version = /^[0-9A-Za-z.+-]{1,64}$/;
/** The last instant that a JavaScript date can hold. */
const latest = 8_640_000_000_000_000;

/** Reads an instance's description. Undefined if it does not match the protocol, since the bytes are untrusted. */
export function readMember(value: unknown): Member | undefined {
  const said = (value ?? {}) as Record<string, unknown>;
  const { instance, service, tags = {}, since, degraded } = said;
  if (!isInstance(instance) || !isService(service) || tagsProblem(tags) !== undefined) return undefined;
  if (!isText(said.version, version) || !isInstant(since)) return undefined;
  return { instance, service, version: said.version, tags: tags as Tags, since, degraded: degraded === true };
}

/** Like `readMember()`. */
export function readCard(value: unknown): Card | undefined {
  const member = readMember(value);
  return member && { member, leaving: (value as Record<string, unknown>).leaving === true };
}

export const isInstance = (value: unknown): value is string => isText(value, id);

export const isService = (value: unknown): value is string => isText(value, name);

const isText = (value: unknown, form: RegExp): value is string => typeof value === "string" && form.test(value);

const isInstant = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= latest;
