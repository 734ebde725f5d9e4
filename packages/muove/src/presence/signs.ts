import { decode, encode } from "../codec/index.js";
import type { Message } from "../link/index.js";
import { isInstance, type Member, readMember } from "./member.js";
import type { Pulse } from "./pulse.js";

// docs/protocol.md, clauses W-1 to W-4. All of it is JSON, so that it can be read in any NATS tool.

/** What an instance lets all hear. */
export type Sign =
  /** It takes messages now. */
  | { readonly type: "hello"; readonly member: Member }
  /** It still does. */
  | { readonly type: "beat"; readonly instance: string; readonly degraded: boolean }
  /** It takes no more. */
  | { readonly type: "goodbye"; readonly instance: string };

export const helloOf = (member: Member): Uint8Array => json({ type: "hello", ...member });

export const beatOf = ({ instance, degraded }: Member): Uint8Array => json({ type: "beat", instance, degraded });

export const goodbyeOf = ({ instance }: Member): Uint8Array => json({ type: "goodbye", instance });

export const cardOf = (member: Member): Uint8Array => json(member);

export const watchOf = ({ interval, lease }: Pulse): Uint8Array => json({ interval, lease });

/** Reads a sign; nothing where it is none. */
export function readSign(message: Message): Sign | undefined {
  const value = (read(message) ?? {}) as Record<string, unknown>;
  if (value.type === "hello") {
    const member = readMember(value);
    return member && { type: "hello", member };
  }
  const { type, instance, degraded } = value;
  if (!isInstance(instance)) return undefined;
  if (type === "beat") return { type, instance, degraded: degraded === true };
  return type === "goodbye" ? { type, instance } : undefined;
}

/** Reads how often somebody wants to hear from an instance, and for how long; nothing where that is not said. */
export function readWatch(message: Message): Pulse | undefined {
  const { interval, lease } = (read(message) ?? {}) as Record<string, unknown>;
  if (!Number.isFinite(interval) || !Number.isFinite(lease)) return undefined;
  return { interval: interval as number, lease: lease as number };
}

/** What a payload says; nothing where it is none. */
export function read(message: Message): unknown {
  try {
    return decode(message.data).value;
  } catch {
    return undefined;
  }
}

const json = (value: object): Uint8Array => encode(value, "json");
