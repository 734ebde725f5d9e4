import type { Link, NatsMessage } from "../link/index.js";
import { callIdIn, nothing, requestHeaders } from "./headers.js";

// docs/protocol.md, clauses.

/** Tells the callee that the caller gave up. Only receivers of the call know its id. */
export function cancelCall(link: Link, subject: string, id: string): void {
  link.publish(subject, nothing, { headers: requestHeaders({ call: id }) });
}

/** The id of the cancelled call, or undefined if the message is not a cancellation. */
export function readCancellation({ headers }: Pick<NatsMessage, "headers">): string | undefined {
  return callIdIn(headers);
}
