import { type Attributes, SpanKind } from "@opentelemetry/api";
import type { AnyOutcome } from "../outcome/answer.js";
import type { Described, Ending } from "./operation.js";

// What telemetry calls things: OpenTelemetry's semantic conventions of 2026 for RPC (release candidate), which calls
// follow, and for messaging (development), which casts and events follow. What those do not name begins with `muove.`.
// docs/telemetry.md lists all of it.

/** A call as its caller tells of it. @param method its mailbox and message, such as `pricing.quote`. */
export const outgoingCall = (method: string): Described => call(method, SpanKind.CLIENT);

/** A call as its callee tells of it. */
export const incomingCall = (method: string): Described => call(method, SpanKind.SERVER);

/** A cast or an event as its sender tells of it. @param destination the subject at which anybody gets it. */
export const outgoingMessage = (verb: "send" | "publish", destination: string): Described =>
  message(verb, "send", destination, SpanKind.PRODUCER);

/** A cast or an event as whoever handles it tells of it. */
export const incomingMessage = (destination: string): Described =>
  message("process", "process", destination, SpanKind.CONSUMER);

/** How a call ended, for its caller. A declared error is an answer, and no failure. */
export function outcomeEnding(outcome: AnyOutcome): Ending {
  const details: Attributes = { "muove.delivered": outcome.delivered };
  if (outcome.status === "ok" || outcome.status === "degraded") return { ...answered("ok"), details };
  if (outcome.status === "failed") {
    const { code } = outcome.error as { readonly code: string };
    return { ...answered("failed"), details: { ...details, ...declared(code) } };
  }
  const crash = outcome.reason === "crashed" && outcome.id !== undefined ? crashed(outcome.id) : {};
  return { ...failed(outcome.reason), message: outcome.message, details: { ...details, ...crash } };
}

/** A call has an answer of its contract. */
export const answered = (status: "ok" | "failed"): Ending => ({ attributes: { "rpc.status_code": status } });

/** A call has none. @param reason as outcomes have it. */
export const failed = (reason: string): Ending => ({ attributes: { "rpc.status_code": reason }, error: reason });

/** What is known of an error that the contract declares. */
export const declared = (code: string): Attributes => ({ "muove.error.code": code });

/** By what a crash is found in the log of the callee. */
export const crashed = (id: string): Attributes => ({ "muove.crash.id": id });

function call(method: string, kind: SpanKind): Described {
  return { name: method, kind, attributes: { "rpc.system.name": "muove", "rpc.method": method } };
}

function message(verb: string, type: "send" | "process", destination: string, kind: SpanKind): Described {
  const attributes = {
    "messaging.system": "nats",
    "messaging.operation.name": verb,
    "messaging.operation.type": type,
    "messaging.destination.name": destination,
  };
  return { name: `${verb} ${destination}`, kind, attributes };
}
