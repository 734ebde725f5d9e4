// #region outcome
import type { Msg } from "@nats-io/transport-node";
import { valueIn } from "./value.js";

export type Outcome =
  | { readonly status: "ok"; readonly value: unknown }
  | { readonly status: "failed"; readonly code: string; readonly data: unknown }
  | { readonly status: "unavailable"; readonly reason: string; readonly retryAfter?: number }
  | { readonly status: "faulty"; readonly reason: string; readonly details: unknown };

/** Reads a reply. */
export function outcomeOf({ headers, data }: Msg): Outcome {
  const value = valueIn(data);
  const header = (name: string): string => headers?.get(name) ?? "";
  const reason = header("Muove-Status");
  switch (reason) {
    case "failed": // An error that the contract declares.
      return { status: "failed", code: header("Muove-Code"), data: value };
    case "overloaded": // Not delivered. Try again after this many ms.
      return { status: "unavailable", reason, retryAfter: Number(header("Muove-Retry-After")) };
    case "draining": // Not delivered. Call again at once: another instance gets it.
      return { status: "unavailable", reason };
    case "rejected": // Not delivered: it breaks the contract, and { issues } says how.
    case "refused": // Not delivered: the service does not do that for you, and { text } says why.
    case "unknown-message": // Not delivered: that instance does not know the message.
    case "crashed": // The handler threw; { id } finds it in the service's log.
    case "reply-too-large": // The handler ran, and its answer did not fit into a message.
      return { status: "faulty", reason, details: value };
  }
  const error = header("Nats-Service-Error"); // From a responder that uses the NATS service API without Muove.
  return error === "" ? { status: "ok", value } : { status: "faulty", reason: "crashed", details: error };
}
// #endregion
