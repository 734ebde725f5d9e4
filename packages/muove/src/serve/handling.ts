import { randomUUID } from "node:crypto";
import type { CallDefinition } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import { isPromise } from "../base/is-promise.js";
import type { OpenDelivery } from "./delivery.js";
import type { Endpoint } from "./endpoint.js";
import { Failure } from "./failure.js";
import type { Host } from "./host.js";
import type { Oversize } from "./replier.js";

// docs/protocol.md, clause V-3.

/**
 * Runs a handler and answers. Never throws: what a handler throws, or gives against its own contract, is the handler's
 * mistake, and the caller's answer says so without showing its inside.
 */
export class Handling {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Settles when the message was handled and answered. Synchronous handlers are answered at once. */
  run(delivery: OpenDelivery): Promise<void> | undefined {
    try {
      const result = this.#handle(delivery);
      if (isPromise(result)) return this.#later(result, delivery);
      this.#answer(result, delivery);
    } catch (error) {
      this.#crash(error, delivery);
    }
    return undefined;
  }

  #handle({ endpoint: { handler }, input, context, operation }: OpenDelivery): unknown {
    return operation === undefined ? handler(input, context) : operation.run(() => handler(input, context));
  }

  async #later(result: Promise<unknown>, delivery: OpenDelivery): Promise<void> {
    try {
      this.#answer(await result, delivery);
    } catch (error) {
      this.#crash(error, delivery);
    }
  }

  #answer(result: unknown, { endpoint, replier, context, operation }: OpenDelivery): void {
    const { address, definition, figures } = endpoint;
    if (definition.kind === "call") {
      const oversize =
        result instanceof Failure
          ? fail(endpoint, definition, result, replier)
          : replier?.success(checked(endpoint, definition.output, result, "output"));
      if (oversize !== undefined) {
        figures.trouble("replyTooLarge");
        operation?.troubled("reply-too-large");
        const fields = () => ({ ...oversize, ...context.logged });
        this.#host.log.error(`${address} oversize`, fields, "an answer does not fit into a message");
      }
    }
    if (result instanceof Failure) operation?.failed(result.code);
    else operation?.done();
  }

  #crash(error: unknown, { endpoint, replier, context, operation }: OpenDelivery): void {
    // One that gave up since its own time was over still owes its caller an answer.
    if (gaveUp(context, error) && !context.awaited) {
      operation?.troubled("cancelled"); // Unless it was told as late before.
      return;
    }
    const { address, figures } = endpoint;
    const { counts, events } = this.#host.env;
    const id = randomUUID();
    counts.crashed++;
    figures.crashed(id);
    operation?.crashed(id, error);
    const logged = logCrash(this.#host, context, id, error);
    // An id is for the log; what is not there cannot be found.
    if (logged) replier?.status("crashed", `${address} crashed: ${id}`, { id });
    else replier?.status("crashed", `${address} crashed`, {});
    if (events.heard("crashed")) events.emit("crashed", { address, id, error });
  }
}

/** Whether a handler ended as its signal asked it to: then nobody waits for an answer, and nothing has crashed. */
function gaveUp({ signal }: OpenDelivery["context"], error: unknown): boolean {
  if (!signal.aborted) return false;
  try {
    const { name, cause } = (error ?? {}) as { readonly name?: unknown; readonly cause?: unknown };
    return error === signal.reason || cause === signal.reason || name === "AbortError";
  } catch {
    return false;
  }
}

/** A log takes an error apart, and what a handler threw may throw at that too. Returns whether there is a line. */
function logCrash({ crashes }: Host, context: OpenDelivery["context"], crash: string, error: unknown): boolean {
  const { address, logged } = context;
  try {
    return crashes.error(address, () => ({ err: error, crash, ...logged }), "a handler threw");
  } catch {
    return crashes.error(`${address} odd`, () => ({ crash, ...logged }), "a handler threw what cannot be logged");
  }
}

function fail(
  endpoint: Endpoint,
  definition: CallDefinition,
  failure: Failure,
  replier: OpenDelivery["replier"],
): Oversize | undefined {
  const { address, figures } = endpoint;
  const { code } = failure;
  const data = checkedFailure(endpoint, definition, failure);
  figures.failed++;
  return replier?.status("failed", `${address} answered ${code}`, data, { code });
}

function checkedFailure(endpoint: Endpoint, { errors }: CallDefinition, { code, data }: Failure): unknown {
  if (!Object.hasOwn(errors, code)) throw new Error(`${code} is no error that ${endpoint.address} declares`);
  return checked(endpoint, errors[code], data, `data of ${code}`);
}

function checked({ address }: Endpoint, schema: CallDefinition["output"], value: unknown, what: string): unknown {
  const result = validate(schema, value, address);
  if (!result.issues) return result.value;
  throw new Error(`the ${what} is not what the contract says: ${issuesInWords(result.issues)}`);
}
