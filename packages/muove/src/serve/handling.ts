import { randomUUID } from "node:crypto";
import type { CallDefinition, Message } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import type { Core } from "../core/core.js";
import { Failure } from "./failure.js";
import type { Figures } from "./figures.js";
import type { AnyHandler } from "./handlers.js";
import type { Incoming } from "./intake.js";
import type { Oversize } from "./replier.js";

// docs/protocol.md, clause V-3.

/**
 * Runs a handler and answers. Never throws: what a handler throws, or gives against its own contract, is the handler's
 * mistake, and the caller's answer says so without showing its inside.
 */
export class Handling {
  readonly #core: Core;
  readonly #address: string;
  readonly #definition: Message;
  readonly #handler: AnyHandler;
  readonly #figures: Figures;

  constructor(core: Core, address: string, definition: Message, handler: AnyHandler, figures: Figures) {
    this.#core = core;
    this.#address = address;
    this.#definition = definition;
    this.#handler = handler;
    this.#figures = figures;
  }

  /** Settles when the message was handled and answered. Synchronous handlers are answered at once. */
  run(incoming: Incoming): Promise<void> | undefined {
    try {
      const result = this.#handler(incoming.input, incoming.context);
      if (isPromise(result)) return this.#later(result, incoming);
      this.#answer(result, incoming);
    } catch (error) {
      this.#crash(error, incoming);
    }
    return undefined;
  }

  async #later(result: Promise<unknown>, incoming: Incoming): Promise<void> {
    try {
      this.#answer(await result, incoming);
    } catch (error) {
      this.#crash(error, incoming);
    }
  }

  #answer(result: unknown, { replier, context }: Incoming): void {
    const definition = this.#definition;
    if (definition.kind !== "call") return;
    const oversize =
      result instanceof Failure
        ? this.#fail(definition, result, replier)
        : replier?.success(this.#checked(definition.output, result, "output"));
    if (oversize === undefined) return;
    this.#figures.trouble("replyTooLarge");
    context.log.error(oversize, "an answer does not fit into a message");
  }

  #fail(definition: CallDefinition, failure: Failure, replier: Incoming["replier"]): Oversize | undefined {
    const { code } = failure;
    const data = this.#checkedFailure(definition, failure);
    this.#figures.failed++;
    return replier?.status("failed", `${this.#address} answered ${code}`, data, { code });
  }

  #checkedFailure({ errors }: CallDefinition, { code, data }: Failure): unknown {
    if (!Object.hasOwn(errors, code)) throw new Error(`${code} is no error that ${this.#address} declares`);
    return this.#checked(errors[code], data, `data of ${code}`);
  }

  #checked(schema: CallDefinition["output"], value: unknown, what: string): unknown {
    const result = validate(schema, value, this.#address);
    if (!result.issues) return result.value;
    throw new Error(`the ${what} is not what the contract says: ${issuesInWords(result.issues)}`);
  }

  #crash(error: unknown, { replier, context }: Incoming): void {
    if (gaveUp(context, error)) return context.log.debug("a handler gave up, as its caller had");
    const address = this.#address;
    const id = randomUUID();
    this.#core.counts.crashed++;
    this.#figures.crashed(id);
    replier?.status("crashed", `${address} crashed: ${id}`, { id });
    logCrash(context, id, error);
    if (this.#core.events.heard("crashed")) this.#core.events.emit("crashed", { address, id, error });
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

/** A log takes an error apart, and what a handler threw may throw at that too. */
function logCrash({ log }: Incoming["context"], crash: string, error: unknown): void {
  try {
    log.error({ err: error, crash }, "a handler threw");
  } catch {
    log.error({ crash }, "a handler threw what cannot be logged");
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}
