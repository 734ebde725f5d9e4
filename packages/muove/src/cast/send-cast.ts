import type { Core } from "../bus/core.js";
import type { Scope } from "../call/scope.js";
import { requestHeaders } from "../wire/headers.js";
import { checkSize, payloadOf, type Target } from "../wire/outgoing.js";
import { PendingCast } from "./pending-cast.js";

/**
 * What is known of a cast as it is made. Needs no looking at: what becomes of it later, if it is bad, comes as a
 * `deadLetter` event.
 *
 * - `sent`: handed to the connection. That does not mean that anybody got it.
 * - `unsent`: not handed to anything and never will be; a dead letter with the same reason.
 */
export type Receipt =
  | { readonly status: "sent" }
  | { readonly status: "unsent"; readonly reason: "unreachable"; readonly delivered: "no" };

const sent: Receipt = Object.freeze({ status: "sent" });
const unsent: Receipt = Object.freeze({ status: "unsent", reason: "unreachable", delivered: "no" });

/**
 * Makes a cast and sends it at once.
 *
 * @throws InvalidInput, TooLarge
 */
export function sendCast(core: Core, target: Target, { traceparent }: Scope, input: unknown): Receipt {
  const trace = traceparent === undefined ? {} : { traceparent };
  const headers = requestHeaders({ from: core.from, ...trace });
  const payload = payloadOf(target, input, core.encoding);
  checkSize(target, payload, headers, core.link.maxPayload);
  const pending = new PendingCast(core, target, input);
  if (!core.link.publish(target.subject, payload, { reply: pending.replySubject, headers })) {
    pending.lost("no");
    return unsent;
  }
  core.counts.casts++;
  core.castWatch.watch(pending);
  return sent;
}
