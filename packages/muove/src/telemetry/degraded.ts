import { trace } from "@opentelemetry/api";
import type { Degraded } from "../outcome/outcome.js";
import type { Target } from "../wire/outgoing.js";
import { outgoingCall } from "./conventions.js";
import { instruments } from "./meter.js";
import { parentIn, type Trace } from "./trace.js";
import { tracer } from "./tracer.js";

/** Counts a fallback's answer, and adds it to the span that it belongs to. */
export function tellDegraded(
  { mailbox, message }: Target,
  scope: Trace | undefined,
  { reason, source }: Degraded<unknown>,
): void {
  const [tracing, measuring] = [tracer(), instruments()];
  if (tracing === undefined && measuring === undefined) return;
  const { attributes } = outgoingCall(`${mailbox}.${message}`);
  const told = { ...attributes, "error.type": reason, "muove.source": source };
  measuring?.degraded.add(1, told);
  if (tracing !== undefined) trace.getSpan(parentIn(scope))?.addEvent("muove.degraded", told);
}
