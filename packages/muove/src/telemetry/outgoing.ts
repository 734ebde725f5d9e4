import type { CastDefinition, EventDefinition } from "@muove/contract";
import type { Attributes } from "@opentelemetry/api";
import type { AnyOutcome } from "../outcome/answer.js";
import type { Target } from "../wire/outgoing.js";
import { eventSubject, messageSubject } from "../wire/subjects.js";
import { answered, outcomeEnding, outgoingCall, outgoingMessage } from "./conventions.js";
import { instruments } from "./meter.js";
import { Operation } from "./operation.js";
import { injected, parentIn, type Trace } from "./trace.js";
import { tracer } from "./tracer.js";

/** A call, a cast or an event on its way out, as telemetry tells of it. */
export class OutgoingOperation {
  /** Where what is sent belongs: to this. */
  readonly trace: Trace;
  readonly #operation: Operation;

  private constructor(operation: Operation, scope: Trace | undefined) {
    this.#operation = operation;
    const { context } = operation;
    this.trace = { lines: operation.traced ? injected(context) : (scope?.lines ?? ""), context };
  }

  /** Begins to tell of a call; nothing where no SDK listens. @param from who makes it. */
  static call(target: Target, from: string, scope: Trace | undefined): OutgoingOperation | undefined {
    const tools = { tracer: tracer(), duration: instruments()?.clientCallDuration };
    if (tools.tracer === undefined && tools.duration === undefined) return undefined;
    const described = outgoingCall(`${target.mailbox}.${target.message}`);
    return new OutgoingOperation(new Operation(described, detailsOf(target, from), parentIn(scope), tools), scope);
  }

  /** Begins to tell of the sending of a cast, or of the publishing of an event; nothing where no SDK listens. */
  static message(
    target: Target & { readonly definition: CastDefinition | EventDefinition },
    { from, prefix }: { readonly from: string; readonly prefix: string | undefined },
    scope: Trace | undefined,
  ): OutgoingOperation | undefined {
    const tools = { tracer: tracer(), duration: instruments()?.sendDuration };
    if (tools.tracer === undefined && tools.duration === undefined) return undefined;
    const { mailbox, message, definition } = target;
    const described =
      definition.kind === "cast"
        ? outgoingMessage("send", messageSubject(prefix, mailbox, message))
        : outgoingMessage("publish", eventSubject(prefix, mailbox, message));
    return new OutgoingOperation(new Operation(described, detailsOf(target, from), parentIn(scope), tools), scope);
  }

  /** The call came to this. */
  came(outcome: AnyOutcome): void {
    this.#operation.end(outcomeEnding(outcome));
  }

  /** So many instances answered a call to everyone; when there were none, this is why. */
  gathered(answers: number, nobody: AnyOutcome | undefined): void {
    const ending = answers > 0 || nobody === undefined ? answered("ok") : outcomeEnding(nobody);
    this.#operation.end({ ...ending, details: { ...ending.details, "muove.answers": answers } });
  }

  /** It was handed to the connection, or is kept for it, or neither. */
  left(receipt: { readonly status: string; readonly reason?: string }): void {
    const error = receipt.status === "unsent" ? receipt.reason : undefined;
    this.#operation.end({ attributes: {}, error, details: { "muove.receipt": receipt.status } });
  }
}

function detailsOf({ mailbox, message, address }: Target, from: string): Attributes {
  const plain = address === `${mailbox}.${message}`;
  return { "messaging.client.id": from, ...(!plain && { "muove.to": address }) };
}
