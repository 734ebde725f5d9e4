import type { Issue, Message } from "@muove/contract";
import { issuesInWords, type Validated, validate } from "@muove/contract/internal";
import type { Msg } from "@nats-io/nats-core";
import type { Core } from "../bus/core.js";
import type { Sparsely } from "../bus/sparsely.js";
import { decode, type Encoding, encodingOf, Malformed } from "../codec/index.js";
import { readRequestHeaders } from "../wire/headers.js";
import { MessageContext } from "./context.js";
import { Replier } from "./replier.js";

/** A message of a mailbox served here. */
export interface Served {
  /** Such as `pricing.quote`. */
  readonly address: string;
  readonly definition: Message;
}

/** A message that is fit to be handled. */
export interface Incoming {
  readonly input: unknown;
  readonly context: MessageContext;
  /** Where its answer goes; nobody answers a cast. */
  readonly replier: Replier | undefined;
}

/** Turns what came from the bus into a message fit to be handled, or refuses it. Never throws: bytes are not to be trusted. */
export class Intake {
  readonly #core: Core;
  readonly #served: Served;
  readonly #log: Sparsely;

  constructor(core: Core, served: Served, log: Sparsely) {
    this.#core = core;
    this.#served = served;
    this.#log = log;
  }

  take(msg: Msg): Incoming | undefined {
    this.#core.counts.received++;
    const { address, definition } = this.#served;
    const headers = readRequestHeaders(msg);
    const read = this.#read(msg);
    const isCall = definition.kind === "call";
    const encoding = read.encoding ?? (headers.from === undefined ? "json" : "msgpack");
    const replier = isCall && msg.reply ? new Replier(this.#core, address, msg.reply, encoding) : undefined;
    if (read.issues !== undefined) {
      this.#refuse(read.issues, headers.from, replier);
      return undefined;
    }
    const patience = isCall ? (headers.timeout ?? definition.timeout) : undefined;
    return { input: read.value, context: new MessageContext(this.#core, address, headers, patience), replier };
  }

  #read(msg: Msg): Validated & { readonly encoding: Encoding | undefined } {
    const { address, definition } = this.#served;
    try {
      const { value, encoding } = decode(msg.data);
      return { ...validate(definition.input, value, address), encoding };
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return { issues: [{ message: error.reason, path: [] }], encoding: encodingOf(msg.data) };
    }
  }

  #refuse(issues: readonly Issue[], from: string | undefined, replier: Replier | undefined): void {
    const { address } = this.#served;
    this.#core.counts.rejected++;
    replier?.status("rejected", `${address}: ${issuesInWords(issues)}`, { issues });
    if (this.#core.events.heard("rejected")) this.#core.events.emit("rejected", { address, issues, from });
    this.#log.warn(
      `${address} rejected`,
      { message: address, from, issues },
      "a message broke the contract and was refused",
    );
  }
}
