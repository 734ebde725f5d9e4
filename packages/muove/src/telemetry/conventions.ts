import { type Attributes, SpanKind } from "@opentelemetry/api";
import type { AnyOutcome } from "../outcome/answer.js";
import type { Described, Ending } from "./operation.js";

// Names in telemetry. Calls follow OpenTelemetry's 2026 semantic conventions for RPC (release candidate); casts and
// events follow those for messaging (development). Names beyond the conventions begin with `muove.`. docs/telemetry.md
// lists all of them.

/** A call, on the caller's side. @param method its mailbox and message, such as `pricing.quote`. */
export const outgoingCall = (method: string): Described => call(method, SpanKind.CLIENT);

/** A call, on the callee's side. */
export const incomingCall = (method: string): Described => call(method, SpanKind.SERVER);

/** A cast or an event, on the sender's side. @param destination the subject for any instance. */
export const outgoingMessage = (verb: "send" | "publish", destination: string): Described =>
  message(verb, "send", destination, SpanKind.PRODUCER);

/** A cast or an event, on the handler's side. */
export const incomingMessage = (destination: string): Described =>
  message("process", "process", destination, SpanKind.CONSUMER);

/** How a call ended, for its caller. A declared error is an answer, not a failure. */
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

/** A call got an answer from its contract. */
export const answered = (status: "ok" | "failed"): Ending => ({ attributes: { "rpc.status_code": status } });

/** A call got none. @param reason the outcome's reason. */
export const failed = (reason: string): Ending => ({ attributes: { "rpc.status_code": reason }, error: reason });

/** Attributes of a declared error. */
export const declared = (code: string): Attributes => ({ "muove.error.code": code });

/** Identifies a crash in the callee's log. */
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
