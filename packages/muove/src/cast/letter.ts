import type { Core } from "../bus/core.js";
import type { EncodedHeaders } from "../wire/headers.js";
import type { Target } from "../wire/outgoing.js";
import { PendingCast } from "./pending-cast.js";

/** A cast, checked and encoded. */
export interface Letter {
  readonly target: Target;
  /** As it was given, for the dead letter. */
  readonly input: unknown;
  readonly payload: Uint8Array;
  readonly headers: EncodedHeaders;
}

/** Hands a cast to the connection and watches what becomes of it. False: there is none, and nothing was handed over. */
export function post(core: Core, letter: Letter): boolean {
  const pending = new PendingCast(core, letter);
  const { target, payload, headers } = letter;
  if (!core.link.publish(target.subject, payload, { reply: pending.replySubject, headers })) {
    pending.end();
    return false;
  }
  core.counts.casts++;
  core.castWatch.watch(pending);
  return true;
}
