import type { Message } from "@muove/contract";
import type { Attributes } from "@opentelemetry/api";
import type { RequestHeaders } from "../wire/headers.js";
import { answered, crashed, declared, failed, incomingCall, incomingMessage } from "./conventions.js";
import { instruments } from "./meter.js";
import { type Ending, Operation } from "./operation.js";
import { extracted, type Trace } from "./trace.js";
import { tracer } from "./tracer.js";

/** A message to handle. */
interface Handled {
  /** Such as `pricing.quote`. */
  readonly address: string;
  readonly subject: string;
  readonly definition: Message;
}

/** A letter to handle. */
interface HandledLetter {
  readonly id: string;
  readonly attempt: number;
}

/** The telemetry of handling a message, from its admission to its answer. */
export class IncomingOperation {
  /** The trace for everything that is done for the message. */
  readonly trace: Trace;
  readonly #operation: Operation;
  readonly #isCall: boolean;

  private constructor(operation: Operation, isCall: boolean, lines: string) {
    this.#operation = operation;
    this.#isCall = isCall;
    this.trace = { lines, context: operation.context };
  }

  /**
   * Starts it. Undefined if no OpenTelemetry SDK is registered.
   *
   * @param me the handling instance. @param admittedAt on the clock of `performance.now()`. @param letter if it is one.
   */
  static begin(
    { address, subject, definition }: Handled,
    me: string,
    { from, trace: lines }: RequestHeaders,
    admittedAt: number,
    letter: HandledLetter | undefined,
  ): IncomingOperation | undefined {
    const isCall = definition.kind === "call";
    const measuring = instruments();
    const tools = { tracer: tracer(), duration: isCall ? measuring?.serverCallDuration : measuring?.processDuration };
    if (tools.tracer === undefined && tools.duration === undefined) return undefined;
    const described = isCall ? incomingCall(address) : incomingMessage(subject);
    const details = {
      "messaging.client.id": me,
      ...(from !== undefined && { "muove.from": from }),
      ...letterDetails(letter),
    };
    const operation = new Operation(described, details, extracted(lines), tools, {
      startedAt: admittedAt,
      linked: !isCall,
    });
    return new IncomingOperation(operation, isCall, lines);
  }

  /** Runs the handler, so that its spans belong to this one. */
  run<T>(handler: () => T): T {
    return this.#operation.run(handler);
  }

  /** The message was handled, and answered if it is a call. */
  done(): void {
    this.#end(answered("ok"));
  }

  /** The handler of a letter buried it, or wants it later. */
  disposed(kind: "buried" | "later"): void {
    this.#end({ attributes: {}, error: kind === "buried" ? kind : undefined, details: { "muove.disposition": kind } });
  }

  /** It was answered with a declared error. */
  failed(code: string): void {
    this.#end({ ...answered("failed"), details: declared(code) });
  }

  /** Its handler threw. */
  crashed(id: string, error: unknown): void {
    const exception = error instanceof Error ? error : String(error);
    this.#end({ ...failed("crashed"), details: crashed(id), exception });
  }

  /** It got no answer from the contract, for that reason. */
  failedWith(reason: "rejected" | "refused" | "reply-too-large" | "timeout" | "cancelled" | "draining"): void {
    this.#end(failed(reason));
  }

  #end(ending: Ending): void {
    this.#operation.end(this.#isCall ? ending : { ...ending, attributes: {} });
  }
}

const letterDetails = (letter: HandledLetter | undefined): Attributes =>
  letter === undefined ? {} : { "messaging.message.id": letter.id, "muove.attempt": letter.attempt };
