import { decode, encode } from "../codec/index.js";
import type { NatsMessage } from "../link/index.js";
import { protocolVersion } from "../wire/protocol.js";
import { isInstance, isService, type Member, readMember } from "./member.js";
import type { Pulse } from "./pulse.js";

// docs/protocol.md, clauses W-1 to W-6. All messages are JSON, so that any NATS tool can show them.

/** Longer payloads, in bytes, are invalid. */
const longest = 4_096;

/** A presence message of an instance. */
export type Sign =
  /** It takes messages now. */
  | { readonly type: "hello"; readonly member: Member }
  /** It still does. */
  | { readonly type: "beat"; readonly degraded: boolean }
  /** It takes no more. */
  | { readonly type: "goodbye" };

/** The sender according to the subject, which is what permissions restrict. */
export interface Signer {
  readonly service: string;
  readonly instance: string;
}

export const helloOf = (member: Member): Uint8Array => json({ type: "hello", protocol: protocolVersion, ...member });

export const beatOf = ({ instance, degraded }: Member): Uint8Array => json({ type: "beat", instance, degraded });

export const goodbyeOf = ({ instance }: Member): Uint8Array => json({ type: "goodbye", instance });

export const cardOf = (member: Member, leaving: boolean): Uint8Array =>
  json({ protocol: protocolVersion, ...member, ...(leaving ? { leaving } : {}) });

export const watchOf = ({ interval, lease }: Pulse): Uint8Array => json({ interval, lease });

/** The sender named by a subject, or undefined if its last two tokens are not a service and an instance. */
export function signerOf(subject: string): Signer | undefined {
  const [service, instance] = subject.split(".").slice(-2);
  return isService(service) && isInstance(instance) ? { service, instance } : undefined;
}

/** Reads a sign. Undefined if it is invalid or names another sender than its subject. */
export function readSign(message: NatsMessage, { service, instance }: Signer): Sign | undefined {
  const value = (read(message) ?? {}) as Record<string, unknown>;
  const { type, degraded } = value;
  if (value.instance !== instance || (value.service ?? service) !== service) return undefined;
  if (type === "beat") return { type, degraded: degraded === true };
  if (type === "goodbye") return { type };
  const member = type === "hello" ? readMember(value) : undefined;
  return member && { type: "hello", member };
}

/** Reads the requested pulse of a query. Undefined if it has none. */
export function readWatch(message: NatsMessage): Pulse | undefined {
  const { interval, lease } = (read(message) ?? {}) as Record<string, unknown>;
  if (!Number.isFinite(interval) || !Number.isFinite(lease)) return undefined;
  return { interval: interval as number, lease: lease as number };
}

/** Decodes a payload. Undefined if it is invalid or longer than the protocol allows. */
export function read(message: NatsMessage): unknown {
  const { data } = message;
  if (data.length > longest) return undefined;
  try {
    return decode(data).value;
  } catch {
    return undefined;
  }
}

const json = (value: object): Uint8Array => encode(value, "json");
