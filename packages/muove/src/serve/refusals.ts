import type { Msg } from "@nats-io/nats-core";
import type { Core } from "../core/core.js";
import { Sparsely } from "../core/sparsely.js";
import { type EncodedHeaders, nothing } from "../wire/headers.js";
import { statusHeaders } from "../wire/reply-status.js";
import { publishReply } from "./replier.js";
import type { ServedMessage } from "./waiting.js";

/** What a mailbox says to messages that it does not even look at. Cheap: under load most of the work is saying no. */
export class Refusals {
  readonly #core: Core;
  readonly #log: Sparsely;

  constructor(core: Core) {
    this.#core = core;
    this.#log = new Sparsely(core.log);
  }

  /** @param retryAfter ms */
  overloaded(served: ServedMessage, msg: Msg, retryAfter: number): void {
    this.#core.counts.overloaded++;
    this.#log.warn(served.address, { message: served.address, retryAfter }, "a mailbox is overloaded and refuses");
    this.#refuse(served, msg, statusHeaders("overloaded", `${served.address} is overloaded`, { retryAfter }));
  }

  draining(served: ServedMessage, msg: Msg): void {
    this.#refuse(served, msg, statusHeaders("draining", `${served.address} is draining`));
  }

  /** Nobody waits for an answer any more. */
  expired(served: ServedMessage): void {
    this.#core.counts.expired++;
    this.#log.warn(`${served.address} expired`, { message: served.address }, "a message came too late to be worked on");
  }

  #refuse({ isCall }: ServedMessage, msg: Msg, headers: EncodedHeaders): void {
    if (isCall && msg.reply) publishReply(this.#core, msg.reply, nothing, headers);
  }
}
