import type { Issue } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import { issueFields } from "../base/issue-fields.js";
import { decode, type Encoding, encodingOf, Malformed } from "../codec/index.js";
import type { NatsMessage } from "../link/index.js";
import { IncomingOperation } from "../telemetry/incoming.js";
import { passedOn, type Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { MessageContext } from "./context.js";
import type { Delivery, OpenDelivery } from "./delivery.js";
import type { Endpoint } from "./endpoint.js";
import type { Host } from "./host.js";
import { Replier } from "./replier.js";

// docs/protocol.md, clauses V-2 and V-5.

interface Read {
  readonly value: unknown;
  readonly issues: readonly Issue[] | undefined;
  readonly encoding: Encoding | undefined;
}

/** Decodes and validates deliveries, or refuses them. Never throws: the bytes are untrusted. */
export class Intake {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** @param latest when its handler must be done, on the clock of `performance.now()`. */
  open({ endpoint, msg, headers, reply, admittedAt, endsAt }: Delivery, latest: number): OpenDelivery | undefined {
    const { answers, from } = this.#host.env;
    const operation = IncomingOperation.begin(endpoint, from, headers, admittedAt);
    const read = readInput(endpoint, msg);
    const encoding = read.encoding ?? (headers.from === undefined ? "json" : "msgpack");
    const replier =
      reply === "" ? undefined : new Replier(answers, msg.origin, reply, encoding, from, endpoint.signature);
    const trace = operation?.trace ?? passedOn(headers.trace);
    if (read.issues !== undefined) {
      this.#refuse(endpoint, read.issues, headers.from, trace, replier);
      operation?.failedWith("rejected");
      return undefined;
    }
    const context = new MessageContext(this.#host, endpoint.address, headers.from, trace, endsAt, latest);
    return { endpoint, input: read.value, context, replier, operation };
  }

  #refuse(
    { address, figures }: Endpoint,
    issues: readonly Issue[],
    from: string | undefined,
    trace: Trace | undefined,
    replier: Replier | undefined,
  ): void {
    const { env, log } = this.#host;
    env.counts.rejected++;
    figures.failure("rejected");
    replier?.status("rejected", `${address}: ${issuesInWords(issues)}`, { issues });
    if (env.events.heard("rejected")) env.events.emit("rejected", { address, issues, from });
    const fields = () => ({ message: address, from, fields: issueFields(issues), ...traceIds(trace) });
    log.warn(address, fields, "rejected a message that breaks the contract");
  }
}

function readInput({ address, definition }: Endpoint, { data }: NatsMessage): Read {
  try {
    const { value, encoding } = decode(data);
    const { value: input, issues } = validate(definition.input, value, address);
    return { value: input, issues, encoding };
  } catch (error) {
    const reason = error instanceof Malformed ? error.reason : "the schema of its input failed";
    return { value: undefined, issues: [{ message: reason, path: [] }], encoding: encodingOf(data) };
  }
}
