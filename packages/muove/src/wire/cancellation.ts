import type { Link, NatsMessage } from "../link/index.js";
import { callIdIn, nothing, requestHeaders } from "./headers.js";

// docs/protocol.md, clauses.

/** A caller gives up: names the call by its id, which only those know who were sent it. */
export function cancelCall(link: Link, subject: string, id: string): void {
  link.publish(subject, nothing, { headers: requestHeaders({ call: id }) });
}

/** The id of the call that is cancelled; nothing where it is none. */
export function readCancellation({ headers }: Pick<NatsMessage, "headers">): string | undefined {
  return callIdIn(headers);
}
