import type { Issue } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import { decode, type Encoding, encodingOf, Malformed } from "../codec/index.js";
import type { NatsMessage } from "../link/index.js";
import { IncomingOperation } from "../telemetry/incoming.js";
import { passedOn, type Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { canAnswerInJson, jsonIssues } from "../wire/answers-in-json.js";
import { readFields } from "../wire/invalid-reply.js";
import { MessageContext } from "./context.js";
import type { Delivery, OpenDelivery } from "./delivery.js";
import type { Endpoint } from "./endpoint.js";
import type { Host } from "./host.js";
import { Rejections } from "./rejections.js";
import { Replier } from "./replier.js";

// docs/protocol.md, clauses V-2, V-5 and V-6.

interface Read {
  readonly value: unknown;
  readonly issues: readonly Issue[] | undefined;
  readonly encoding: Encoding | undefined;
  /** Whether the payload cannot be decoded, whatever the contract says. */
  readonly malformed: boolean;
}

/** Decodes and validates deliveries, or refuses them. Never throws: the bytes are untrusted. */
export class Intake {
  readonly #host: Host;
  readonly #rejections: Rejections;

  constructor(host: Host) {
    this.#host = host;
    this.#rejections = new Rejections(host);
  }

  /** @param latest when its handler must be done, on the clock of `performance.now()`. */
  open(delivery: Delivery, latest: number): OpenDelivery | undefined {
    const { endpoint, msg, headers, reply, admittedAt, endsAt } = delivery;
    const { answers, from, metadata } = this.#host.env;
    const operation = IncomingOperation.begin(endpoint, from, headers, admittedAt, delivery.letter);
    const read = readInput(endpoint, msg);
    const meta = metadata.read(headers.meta);
    // Only a payload tells what its sender can read.
    const encoding =
      read.encoding ?? (headers.from === undefined && canAnswerInJson(endpoint.definition) ? "json" : "msgpack");
    const replier =
      reply === "" ? undefined : new Replier(answers, msg.origin, reply, encoding, from, endpoint.signature);
    const trace = operation?.trace ?? passedOn(headers.trace);
    if (headers.invalidReply !== undefined && endpoint.isCall) {
      this.#unreadable(endpoint, headers.from, headers.invalidReply, trace);
    }
    const unanswerable = encoding === "json" && replier !== undefined ? jsonIssues(endpoint.definition) : undefined;
    const broken = read.issues ?? meta.issues;
    const issues = broken ?? unanswerable;
    if (issues !== undefined) {
      this.#reject(delivery, broken, issues, trace, replier);
      operation?.failedWith("rejected");
      const kind = read.malformed ? "unreadable" : "rejected";
      delivery.letter?.ended({ kind, error: issuesInWords(issues) });
      return undefined;
    }
    const what = { input: read.value, meta: meta.value };
    const context = new MessageContext(this.#host, endpoint, headers, what, trace, endsAt, latest, delivery.letter);
    delivery.letter?.begun(context);
    return { delivery, endpoint, input: read.value, context, replier, operation };
  }

  /** @param broken what breaks the contract; `undefined` if only its answer could not be written. */
  #reject(
    { endpoint, headers: { from } }: Delivery,
    broken: readonly Issue[] | undefined,
    issues: readonly Issue[],
    trace: Trace | undefined,
    replier: Replier | undefined,
  ): void {
    const about = () => ({ address: endpoint.address, from, ...traceIds(trace) });
    if (broken === undefined) this.#rejections.unanswerable(endpoint, issues, from, about, replier);
    else this.#rejections.broken(endpoint, issues, from, about, replier);
  }

  /** A caller says that it could not read a reply. */
  #unreadable({ address }: Endpoint, from: string | undefined, written: string, trace: Trace | undefined): void {
    const fields = readFields(written);
    if (fields === undefined) return;
    const { env, log } = this.#host;
    env.counts.unreadableReplies++;
    if (env.events.heard("unreadableReply")) env.events.emit("unreadableReply", { address, fields, from });
    log.error(
      `${address} unreadable`,
      () => ({ address, from, fields, ...traceIds(trace) }),
      "a caller cannot read replies because the contracts of both sides differ; compare their versions",
    );
  }
}

function readInput({ address, definition }: Endpoint, { data }: NatsMessage): Read {
  try {
    const { value, encoding } = decode(data);
    const { value: input, issues } = validate(definition.input, value, address);
    return { value: input, issues, encoding, malformed: false };
  } catch (error) {
    const malformed = error instanceof Malformed;
    const reason = malformed ? error.reason : "the schema of its input failed";
    return { value: undefined, issues: [{ message: reason, path: [] }], encoding: encodingOf(data), malformed };
  }
}
