import { decode, encode } from "../codec/index.js";
import type { NatsMessage } from "../link/index.js";
import { protocolVersion } from "../wire/protocol.js";
import { isInstance, isService, type Member, readMember } from "./member.js";
import type { Pulse } from "./pulse.js";

// docs/protocol.md, clauses W-1 to W-6. All of it is JSON, so that it can be read in any NATS tool.

/** Whatever is longer is not in the form of the protocol, in bytes. */
const longest = 4_096;

/** What an instance lets all hear. */
export type Sign =
  /** It takes messages now. */
  | { readonly type: "hello"; readonly member: Member }
  /** It still does. */
  | { readonly type: "beat"; readonly degraded: boolean }
  /** It takes no more. */
  | { readonly type: "goodbye" };

/** Whose sign it is, by its subject: that is what permissions hold. */
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

/** Who signs what comes to that subject; nothing where its last two tokens are no service and no instance. */
export function signerOf(subject: string): Signer | undefined {
  const [service, instance] = subject.split(".").slice(-2);
  return isService(service) && isInstance(instance) ? { service, instance } : undefined;
}

/** Reads a sign; nothing where it is none, or says another name than that of its signer. */
export function readSign(message: NatsMessage, { service, instance }: Signer): Sign | undefined {
  const value = (read(message) ?? {}) as Record<string, unknown>;
  const { type, degraded } = value;
  if (value.instance !== instance || (value.service ?? service) !== service) return undefined;
  if (type === "beat") return { type, degraded: degraded === true };
  if (type === "goodbye") return { type };
  const member = type === "hello" ? readMember(value) : undefined;
  return member && { type: "hello", member };
}

/** Reads how often somebody wants to hear from an instance, and for how long; nothing where that is not said. */
export function readWatch(message: NatsMessage): Pulse | undefined {
  const { interval, lease } = (read(message) ?? {}) as Record<string, unknown>;
  if (!Number.isFinite(interval) || !Number.isFinite(lease)) return undefined;
  return { interval: interval as number, lease: lease as number };
}

/** What a payload says; nothing where it is none, or longer than any that the protocol has. */
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
