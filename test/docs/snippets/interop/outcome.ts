// #region outcome
import type { Msg } from "@nats-io/transport-node";
import { valueIn } from "./value.js";

export type Outcome =
  | { readonly status: "ok"; readonly value: unknown }
  | { readonly status: "failed"; readonly code: string; readonly data: unknown }
  | { readonly status: "unavailable"; readonly reason: string; readonly retryAfter?: number }
  | { readonly status: "faulty"; readonly reason: string; readonly details: unknown };

/** What a reply means. */
export function outcomeOf({ headers, data }: Msg): Outcome {
  const value = valueIn(data);
  const header = (name: string): string => headers?.get(name) ?? "";
  const reason = header("Muove-Status");
  switch (reason) {
    case "failed": // An error that the contract declares.
      return { status: "failed", code: header("Muove-Code"), data: value };
    case "overloaded": // Not delivered. Come back in so many ms.
      return { status: "unavailable", reason, retryAfter: Number(header("Muove-Retry-After")) };
    case "draining": // Not delivered. Ask again at once: another instance gets it.
      return { status: "unavailable", reason };
    case "rejected": // Not delivered: it breaks the contract, and { issues } says how.
    case "unknown-message": // Not delivered: that instance does not know it.
    case "crashed": // The handler threw; { id } finds it in the service's log.
    case "reply-too-large": // The handler ran, and its answer did not fit into a message.
      return { status: "faulty", reason, details: value };
  }
  const error = header("Nats-Service-Error"); // A responder that knows the NATS service API, and not Muove.
  return error === "" ? { status: "ok", value } : { status: "faulty", reason: "crashed", details: error };
}
// #endregion
