import { randomUUID } from "node:crypto";
import type { CallDefinition } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import { isPromise } from "../base/is-promise.js";
import { Failure } from "./failure.js";
import type { AnyHandler } from "./handlers.js";
import type { Incoming } from "./intake.js";
import type { Oversize } from "./replier.js";
import type { Served } from "./served.js";
import type { Serving } from "./serving.js";

// docs/protocol.md, clause V-3.

/**
 * Runs a handler and answers. Never throws: what a handler throws, or gives against its own contract, is the handler's
 * mistake, and the caller's answer says so without showing its inside.
 */
export class Handling {
  readonly #serving: Serving;
  readonly #served: Served;
  readonly #handler: AnyHandler;

  constructor(serving: Serving, served: Served, handler: AnyHandler) {
    this.#serving = serving;
    this.#served = served;
    this.#handler = handler;
  }

  /** Settles when the message was handled and answered. Synchronous handlers are answered at once. */
  run(incoming: Incoming): Promise<void> | undefined {
    try {
      const result = this.#handle(incoming);
      if (isPromise(result)) return this.#later(result, incoming);
      this.#answer(result, incoming);
    } catch (error) {
      this.#crash(error, incoming);
    }
    return undefined;
  }

  #handle({ input, context, operation }: Incoming): unknown {
    return operation === undefined ? this.#handler(input, context) : operation.run(() => this.#handler(input, context));
  }

  async #later(result: Promise<unknown>, incoming: Incoming): Promise<void> {
    try {
      this.#answer(await result, incoming);
    } catch (error) {
      this.#crash(error, incoming);
    }
  }

  #answer(result: unknown, { replier, context, operation }: Incoming): void {
    const { address, definition, figures } = this.#served;
    if (definition.kind === "call") {
      const oversize =
        result instanceof Failure
          ? this.#fail(definition, result, replier)
          : replier?.success(this.#checked(definition.output, result, "output"));
      if (oversize !== undefined) {
        figures.trouble("replyTooLarge");
        operation?.troubled("reply-too-large");
        const fields = () => ({ ...oversize, ...context.logged });
        this.#serving.log.error(`${address} oversize`, fields, "an answer does not fit into a message");
      }
    }
    if (result instanceof Failure) operation?.failed(result.code);
    else operation?.done();
  }

  #fail(definition: CallDefinition, failure: Failure, replier: Incoming["replier"]): Oversize | undefined {
    const { address, figures } = this.#served;
    const { code } = failure;
    const data = this.#checkedFailure(definition, failure);
    figures.failed++;
    return replier?.status("failed", `${address} answered ${code}`, data, { code });
  }

  #checkedFailure({ errors }: CallDefinition, { code, data }: Failure): unknown {
    if (!Object.hasOwn(errors, code)) throw new Error(`${code} is no error that ${this.#served.address} declares`);
    return this.#checked(errors[code], data, `data of ${code}`);
  }

  #checked(schema: CallDefinition["output"], value: unknown, what: string): unknown {
    const result = validate(schema, value, this.#served.address);
    if (!result.issues) return result.value;
    throw new Error(`the ${what} is not what the contract says: ${issuesInWords(result.issues)}`);
  }

  #crash(error: unknown, { replier, context, operation }: Incoming): void {
    // One that gave up since its own time was over still owes its caller an answer.
    if (gaveUp(context, error) && !context.awaited) {
      operation?.troubled("cancelled"); // Unless it was told as late before.
      return;
    }
    const { address, figures } = this.#served;
    const { counts, events } = this.#serving.core;
    const id = randomUUID();
    counts.crashed++;
    figures.crashed(id);
    operation?.crashed(id, error);
    const logged = logCrash(this.#serving, context, id, error);
    // An id is for the log; what is not there cannot be found.
    if (logged) replier?.status("crashed", `${address} crashed: ${id}`, { id });
    else replier?.status("crashed", `${address} crashed`, {});
    if (events.heard("crashed")) events.emit("crashed", { address, id, error });
  }
}

/** Whether a handler ended as its signal asked it to: then nobody waits for an answer, and nothing has crashed. */
function gaveUp({ signal }: Incoming["context"], error: unknown): boolean {
  if (!signal.aborted) return false;
  try {
    const { name, cause } = (error ?? {}) as { readonly name?: unknown; readonly cause?: unknown };
    return error === signal.reason || cause === signal.reason || name === "AbortError";
  } catch {
    return false;
  }
}

/** A log takes an error apart, and what a handler threw may throw at that too. Returns whether there is a line. */
function logCrash({ crashes }: Serving, context: Incoming["context"], crash: string, error: unknown): boolean {
  const { address, logged } = context;
  try {
    return crashes.error(address, () => ({ err: error, crash, ...logged }), "a handler threw");
  } catch {
    return crashes.error(`${address} odd`, () => ({ crash, ...logged }), "a handler threw what cannot be logged");
  }
}
