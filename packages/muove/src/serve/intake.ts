import type { Issue } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import { decode, type Encoding, encodingOf, Malformed } from "../codec/index.js";
import type { Message } from "../link/index.js";
import { IncomingOperation } from "../telemetry/incoming.js";
import { passedOn, type Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import type { RequestHeaders } from "../wire/headers.js";
import { MessageContext } from "./context.js";
import { Replier } from "./replier.js";
import type { Served } from "./served.js";
import type { Serving } from "./serving.js";

// docs/protocol.md, clauses V-2 and V-5.

/** A message that was admitted: still the bytes that came. */
export interface Admitted {
  readonly msg: Message;
  readonly headers: RequestHeaders;
  /** Where its answer goes; empty where none does. */
  readonly reply: string;
  /** Since when it is here, on the clock of `performance.now()`. */
  readonly admittedAt: number;
  /** When nobody waits for its answer any more, on the clock of `performance.now()`; never for a cast or an event. */
  readonly endsAt: number;
}

/** A message that is fit to be handled. */
export interface Incoming {
  readonly input: unknown;
  readonly context: MessageContext;
  /** Where its answer goes; nobody answers a cast or an event. */
  readonly replier: Replier | undefined;
  /** Who tells of it; nobody where no telemetry is listened to. */
  readonly operation: IncomingOperation | undefined;
}

interface Read {
  readonly value: unknown;
  readonly issues: readonly Issue[] | undefined;
  readonly encoding: Encoding | undefined;
}

/** Turns what came from the bus into a message fit to be handled, or refuses it. Never throws: bytes are not to be trusted. */
export class Intake {
  readonly #serving: Serving;
  readonly #served: Served;
  readonly #signature: string | undefined;

  /** @param signature who answers, where the answer must say so. */
  constructor(serving: Serving, served: Served, signature: string | undefined) {
    this.#serving = serving;
    this.#served = served;
    this.#signature = signature;
  }

  /** @param latest when its handler's time is over, on the clock of `performance.now()`. */
  take({ msg, headers, reply, admittedAt, endsAt }: Admitted, latest: number): Incoming | undefined {
    const operation = IncomingOperation.begin(this.#served, this.#serving.core.from, headers, admittedAt);
    const read = this.#read(msg);
    const encoding = read.encoding ?? (headers.from === undefined ? "json" : "msgpack");
    const { address } = this.#served;
    const { answers, from } = this.#serving.core;
    const replier = reply === "" ? undefined : new Replier(answers, msg.origin, reply, encoding, from, this.#signature);
    const trace = operation?.trace ?? passedOn(headers.trace);
    if (read.issues !== undefined) {
      this.#refuse(read.issues, headers.from, trace, replier);
      operation?.troubled("rejected");
      return undefined;
    }
    const context = new MessageContext(this.#serving, address, headers.from, trace, endsAt, latest);
    return { input: read.value, context, replier, operation };
  }

  #read(msg: Message): Read {
    const { address, definition } = this.#served;
    try {
      const { value, encoding } = decode(msg.data);
      const { value: input, issues } = validate(definition.input, value, address);
      return { value: input, issues, encoding };
    } catch (error) {
      const reason = error instanceof Malformed ? error.reason : "the schema of its input failed";
      return { value: undefined, issues: [{ message: reason, path: [] }], encoding: encodingOf(msg.data) };
    }
  }

  #refuse(
    issues: readonly Issue[],
    from: string | undefined,
    trace: Trace | undefined,
    replier: Replier | undefined,
  ): void {
    const { address, figures } = this.#served;
    const { core, log } = this.#serving;
    core.counts.rejected++;
    figures.trouble("rejected");
    replier?.status("rejected", `${address}: ${issuesInWords(issues)}`, { issues });
    if (core.events.heard("rejected")) core.events.emit("rejected", { address, issues, from });
    const fields = () => ({ message: address, from, issues, ...traceIds(trace) });
    log.warn(address, fields, "a message broke the contract and was refused");
  }
}
