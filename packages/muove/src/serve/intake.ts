import type { Message as Definition, Issue } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import { decode, type Encoding, encodingOf, Malformed } from "../codec/index.js";
import type { Message } from "../link/index.js";
import type { RequestHeaders } from "../wire/headers.js";
import { traceIds } from "../wire/trace-ids.js";
import { MessageContext } from "./context.js";
import type { Figures } from "./figures.js";
import { Replier } from "./replier.js";
import type { Serving } from "./serving.js";

// docs/protocol.md, clauses V-2 and V-5.

/** A message that was admitted: still the bytes that came. */
export interface Admitted {
  readonly msg: Message;
  readonly headers: RequestHeaders;
  /** When nobody waits for its answer any more, on the clock of `performance.now()`. */
  readonly endsAt: number;
}

/** A message that is fit to be handled. */
export interface Incoming {
  readonly input: unknown;
  readonly context: MessageContext;
  /** Where its answer goes; nobody answers a cast or an event. */
  readonly replier: Replier | undefined;
}

interface Read {
  readonly value: unknown;
  readonly issues: readonly Issue[] | undefined;
  readonly encoding: Encoding | undefined;
}

/** Turns what came from the bus into a message fit to be handled, or refuses it. Never throws: bytes are not to be trusted. */
export class Intake {
  readonly #serving: Serving;
  readonly #address: string;
  readonly #definition: Definition;
  readonly #figures: Figures;
  readonly #signature: string | undefined;

  /** @param signature who answers, where the answer must say so. */
  constructor(
    serving: Serving,
    address: string,
    definition: Definition,
    figures: Figures,
    signature: string | undefined,
  ) {
    this.#serving = serving;
    this.#address = address;
    this.#definition = definition;
    this.#figures = figures;
    this.#signature = signature;
  }

  take({ msg, headers, endsAt }: Admitted): Incoming | undefined {
    const read = this.#read(msg);
    const encoding = read.encoding ?? (headers.from === undefined ? "json" : "msgpack");
    const reply = this.#definition.kind === "call" ? msg.reply : "";
    const { core } = this.#serving;
    const replier = reply === "" ? undefined : new Replier(core, reply, encoding, this.#signature);
    if (read.issues !== undefined) {
      this.#refuse(read.issues, headers, replier);
      return undefined;
    }
    const context = new MessageContext(this.#serving, this.#address, headers, endsAt);
    return { input: read.value, context, replier };
  }

  #read(msg: Message): Read {
    try {
      const { value, encoding } = decode(msg.data);
      const { value: input, issues } = validate(this.#definition.input, value, this.#address);
      return { value: input, issues, encoding };
    } catch (error) {
      const reason = error instanceof Malformed ? error.reason : "the schema of its input failed";
      return { value: undefined, issues: [{ message: reason, path: [] }], encoding: encodingOf(msg.data) };
    }
  }

  #refuse(issues: readonly Issue[], { from, traceparent }: RequestHeaders, replier: Replier | undefined): void {
    const address = this.#address;
    const { core, log } = this.#serving;
    core.counts.rejected++;
    this.#figures.trouble("rejected");
    replier?.status("rejected", `${address}: ${issuesInWords(issues)}`, { issues });
    if (core.events.heard("rejected")) core.events.emit("rejected", { address, issues, from });
    const fields = () => ({ message: address, from, issues, ...traceIds(traceparent) });
    log.warn(address, fields, "a message broke the contract and was refused");
  }
}
