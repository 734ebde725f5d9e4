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

/** What became of a letter. */
type LetterEnd =
  | { readonly status: "stored"; readonly id: string }
  | {
      readonly status: "unavailable";
      readonly id: string;
      readonly reason: string;
      readonly delivered: string;
      readonly message: string;
    };

/** The telemetry of an outgoing call, cast or event. */
export class OutgoingOperation {
  /** The trace for the message. */
  readonly trace: Trace;
  readonly #operation: Operation;

  private constructor(operation: Operation, scope: Trace | undefined) {
    this.#operation = operation;
    const { context } = operation;
    this.trace = { lines: operation.traced ? injected(context) : (scope?.lines ?? ""), context };
  }

  /** Starts it for a call. Undefined if no OpenTelemetry SDK is registered. @param from the caller. */
  static call(target: Target, from: string, scope: Trace | undefined): OutgoingOperation | undefined {
    const tools = { tracer: tracer(), duration: instruments()?.clientCallDuration };
    if (tools.tracer === undefined && tools.duration === undefined) return undefined;
    const described = outgoingCall(`${target.mailbox}.${target.message}`);
    return new OutgoingOperation(new Operation(described, detailsOf(target, from), parentIn(scope), tools), scope);
  }

  /** Starts it for sending a cast or publishing an event. Undefined if no OpenTelemetry SDK is registered. */
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

  /** The call ended with that outcome. */
  came(outcome: AnyOutcome): void {
    this.#operation.end(outcomeEnding(outcome));
  }

  /** That many instances answered a call to everyone. If there were none, `nobody` says why. */
  gathered(answers: number, nobody: AnyOutcome | undefined): void {
    const ending = answers > 0 || nobody === undefined ? answered("ok") : outcomeEnding(nobody);
    this.#operation.end({ ...ending, details: { ...ending.details, "muove.answers": answers } });
  }

  /** A letter is stored, or not known to be. */
  stored(receipt: LetterEnd): void {
    const details = { "muove.receipt": receipt.status, "messaging.message.id": receipt.id };
    if (receipt.status === "stored") return this.#operation.end({ attributes: {}, details });
    const { reason, delivered, message } = receipt;
    this.#operation.end({
      attributes: {},
      error: reason,
      message,
      details: { ...details, "muove.delivered": delivered },
    });
  }

  /** It was sent, buffered, or neither. */
  left(receipt: { readonly status: string; readonly reason?: string }): void {
    const error = receipt.status === "unsent" ? receipt.reason : undefined;
    this.#operation.end({ attributes: {}, error, details: { "muove.receipt": receipt.status } });
  }
}

function detailsOf({ mailbox, message, address }: Target, from: string): Attributes {
  const plain = address === `${mailbox}.${message}`;
  return { "messaging.client.id": from, ...(!plain && { "muove.to": address }) };
}
