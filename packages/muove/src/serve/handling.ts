import { randomUUID } from "node:crypto";
import type { CallDefinition } from "@muove/contract";
import { issuesInWords, plainText, shapeOf, validate } from "@muove/contract/internal";
import { isPromise } from "../base/is-promise.js";
import { type Encoding, type Plain, plain } from "../codec/index.js";
import type { IncomingOperation } from "../telemetry/incoming.js";
import type { OpenDelivery } from "./delivery.js";
import type { Endpoint } from "./endpoint.js";
import { type Failure, failureIn } from "./failure.js";
import { dispositionIn, errorText } from "./held-letter.js";
import type { Host } from "./host.js";
import type { Oversize } from "./replier.js";
import { isStepRefusal, type StepRefusal } from "./step-refusal.js";

// docs/protocol.md, clause V-3.

/**
 * Runs a handler and answers. Never throws: if a handler throws, or its result breaks the contract, the caller gets
 * `crashed`, without details.
 */
export class Handling {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Resolves when the message is handled and answered; `undefined` if a synchronous handler already did both. */
  run(delivery: OpenDelivery): Promise<void> | undefined {
    try {
      const result = this.#handle(delivery);
      if (isPromise(result)) return this.#later(result, delivery);
      this.#answer(result, delivery);
    } catch (error) {
      this.#thrown(error, delivery);
    }
    return undefined;
  }

  #handle(delivery: OpenDelivery): unknown {
    const { operation } = delivery;
    return operation === undefined ? this.#work(delivery) : this.#traced(delivery, operation);
  }

  #traced(delivery: OpenDelivery, operation: IncomingOperation): unknown {
    return operation.run(() => this.#work(delivery));
  }

  #work(delivery: OpenDelivery): unknown {
    return this.#host.env.handlerSteps.none ? handle(delivery) : this.#withSteps(delivery);
  }

  #withSteps(delivery: OpenDelivery): unknown {
    const { context } = delivery;
    return this.#host.env.handlerSteps.run(context, () => {
      context.handled = true;
      return handle(delivery);
    });
  }

  async #later(result: Promise<unknown>, delivery: OpenDelivery): Promise<void> {
    try {
      this.#answer(await result, delivery);
    } catch (error) {
      this.#thrown(error, delivery);
    }
  }

  /** A declared error may also be thrown, and what is to become of a letter. */
  #thrown(error: unknown, delivery: OpenDelivery): void {
    const failure = delivery.endpoint.isCall ? failureIn(error) : undefined;
    if (failure === undefined && dispositionIn(error) === undefined) return this.#crash(error, delivery);
    try {
      this.#answer(error, delivery);
    } catch (broken) {
      this.#crash(broken, delivery);
    }
  }

  #answer(result: unknown, delivery: OpenDelivery): void {
    const { endpoint, replier, context, operation } = delivery;
    const { definition } = endpoint;
    const failure = failureIn(result);
    context.end();
    if (failure === undefined) refuseForgotten(context.unseenFailure);
    if (definition.kind === "call") {
      const oversize =
        failure !== undefined
          ? fail(endpoint, definition, failure, replier)
          : replier?.success(contentOf(endpoint, definition.output, result, "output", replier.encoding));
      if (oversize !== undefined) this.#tooLarge(oversize, delivery);
    }
    const { letter } = delivery.delivery;
    const disposition = letter === undefined ? undefined : dispositionIn(result);
    if (failure !== undefined) operation?.failed(failure.code);
    else if (disposition !== undefined) operation?.disposed(disposition.kind);
    else operation?.done();
    letter?.ended(disposition ?? { kind: "handled" });
  }

  #tooLarge(oversize: Oversize, { endpoint: { address, figures }, context, operation }: OpenDelivery): void {
    figures.failure("replyTooLarge");
    operation?.failedWith("reply-too-large");
    const fields = () => ({ ...oversize, ...context.logged });
    this.#host.log.error(`${address} oversize`, fields, "a reply exceeds the server's max_payload");
  }

  /** Tells the caller that this service shuts down before the handler is done. */
  interrupt({ delivery, endpoint: { address }, replier, operation }: OpenDelivery): void {
    operation?.failedWith("draining");
    delivery.letter?.ended({ kind: "interrupted" });
    replier?.status("interrupted", `${address} was interrupted: its instance is shutting down`, undefined);
  }

  /** A step refused a message. After the handler ran, that would be a lie. */
  #refuse({ message }: StepRefusal, { delivery, endpoint, replier, context, operation }: OpenDelivery): void {
    const { address, figures } = endpoint;
    const { env, log } = this.#host;
    const text = plainText(message);
    env.counts.refused++;
    figures.failure("refused");
    operation?.failedWith("refused");
    replier?.status("refused", `${address}: ${text}`, { text });
    if (env.events.heard("refused")) env.events.emit("refused", { address, text, from: context.from });
    log.warn(`${address} refused`, () => ({ text, ...context.logged }), "a step refused a message");
    delivery.letter?.ended({ kind: "refused", error: text });
  }

  #crash(error: unknown, delivery: OpenDelivery): void {
    const { endpoint, replier, context, operation } = delivery;
    context.end();
    if (isStepRefusal(error) && !context.handled) return this.#refuse(error, delivery);
    if (gaveUp(context, error)) {
      if (context.interrupted) return this.interrupt(delivery);
      // A handler that gave up because its own time is over still owes its caller an answer.
      if (!context.awaited) return operation?.failedWith("cancelled"); // Unless it was reported as a timeout before.
    }
    const { address, figures } = endpoint;
    const { counts, events } = this.#host.env;
    const id = randomUUID();
    counts.crashed++;
    figures.crashed(id);
    operation?.crashed(id, error);
    const logged = logCrash(this.#host, context, id, error);
    // Without a log line, the id would lead nowhere.
    if (logged) replier?.status("crashed", `${address} crashed: ${id}`, { id });
    else replier?.status("crashed", `${address} crashed`, {});
    delivery.delivery.letter?.ended({ kind: "failed", error: errorText(error) });
    if (events.heard("crashed")) events.emit("crashed", { address, id, error });
  }
}

function handle({ endpoint: { handler }, input, context }: OpenDelivery): unknown {
  return handler(input, context);
}

/** Whether a handler stopped because its signal aborted. That is not a crash. */
function gaveUp({ signal }: OpenDelivery["context"], error: unknown): boolean {
  if (!signal.aborted) return false;
  try {
    const { name, cause } = (error ?? {}) as { readonly name?: unknown; readonly cause?: unknown };
    return error === signal.reason || cause === signal.reason || name === "AbortError";
  } catch {
    return false;
  }
}

/** Returns whether a line was logged. Serializing the error may throw, since a handler can throw any value. */
function logCrash({ crashes }: Host, context: OpenDelivery["context"], crash: string, error: unknown): boolean {
  const { address, logged } = context;
  try {
    return crashes.error(address, () => ({ err: error, crash, ...logged }), "a handler threw");
  } catch {
    return crashes.error(
      `${address} odd`,
      () => ({ crash, ...logged }),
      "a handler threw a value that cannot be logged",
    );
  }
}

/** The success of a handler that meant to fail is worse than a crash. */
function refuseForgotten(failure: Failure | undefined): void {
  if (failure === undefined) return;
  const what = `the handler made the failure ${failure.code}, and then answered something else`;
  throw new Error(`${what}: return or throw what ctx.fail() gives, or look at it with isFailure() before you drop it`);
}

function fail(
  endpoint: Endpoint,
  definition: CallDefinition,
  failure: Failure,
  replier: OpenDelivery["replier"],
): Oversize | undefined {
  const { address, figures } = endpoint;
  const { code, data } = failure;
  if (!Object.hasOwn(definition.errors, code)) throw new Error(`${address} does not declare the error ${code}`);
  const content = contentOf(endpoint, definition.errors[code], data, `data of ${code}`, replier?.encoding);
  figures.failed++;
  return replier?.failed(code, `${address} answered ${code}`, content);
}

/**
 * What a caller will get.
 *
 * @throws Error if that, or what was given, breaks the contract; Unencodable.
 */
function contentOf(
  endpoint: Endpoint,
  schema: CallDefinition["output"],
  given: unknown,
  what: string,
  encoding: Encoding = "msgpack",
): Plain {
  const value = checked(endpoint, schema, given, what);
  const sent = plain(value, encoding, schema && shapeOf(schema, "output"));
  if (sent.value !== value) checked(endpoint, schema, sent.value, `${what}, once undefined keys are left out,`);
  return sent;
}

function checked({ address }: Endpoint, schema: CallDefinition["output"], value: unknown, what: string): unknown {
  const result = validate(schema, value, address);
  if (!result.issues) return result.value;
  throw new Error(`the ${what} breaks the contract: ${issuesInWords(result.issues)}`);
}
