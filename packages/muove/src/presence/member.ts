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

const name = /^[\w.-]{1,64}$/;
const id = /^[A-Za-z0-9_-]{1,64}$/;

/** Reads what an instance says of itself; nothing where it is not in the form of the protocol: bytes are not to be trusted. */
export function readMember(value: unknown): Member | undefined {
  const { instance, service, version, tags = {}, since, degraded } = (value ?? {}) as Record<string, unknown>;
  if (!isInstance(instance) || !isText(service, name) || tagsProblem(tags) !== undefined) return undefined;
  if (typeof version !== "string" || version.length > 64 || !Number.isFinite(since)) return undefined;
  return { instance, service, version, tags: tags as Tags, since: since as number, degraded: degraded === true };
}

export const isInstance = (value: unknown): value is string => isText(value, id);

const isText = (value: unknown, form: RegExp): value is string => typeof value === "string" && form.test(value);
