import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Message } from "../link/index.js";
import { tellRefused } from "../telemetry/figures.js";
import { passedOn } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { type HeaderBlock, nothing, readRequestHeaders } from "../wire/headers.js";
import { statusHeaders } from "../wire/reply-status.js";
import type { ServeEnvironment } from "./serve-environment.js";
import type { ServedMessage } from "./served-message.js";

/** Of a message that is unknown here: others choose it. */
const longestName = 64;

/** What a mailbox says to messages that it does not even look at. Cheap: under load most of the work is saying no. */
export class Refusals {
  readonly #core: ServeEnvironment;
  readonly #log: RateLimitedLog;

  constructor(core: ServeEnvironment) {
    this.#core = core;
    this.#log = new RateLimitedLog(core.log);
  }

  /** @param retryAfter ms */
  overloaded(served: ServedMessage, msg: Message, retryAfter: number): void {
    this.#core.counts.overloaded++;
    served.figures.trouble("overloaded");
    tellRefused(served.address, "overloaded");
    const fields = () => ({ ...about(served.address, msg), retryAfter });
    this.#log.warn(served.address, fields, overloadText(served));
    this.#refuse(served, msg, this.#status(served, "overloaded", { retryAfter }));
  }

  draining(served: ServedMessage, msg: Message): void {
    tellRefused(served.address, "draining");
    this.#refuse(served, msg, this.#status(served, "draining"));
  }

  /** It is no message of that mailbox here; only those who address an instance, or all of them, can send such. */
  unknown(mailbox: string, message: string, msg: Message, signature: string | undefined): void {
    const address = `${mailbox}.${message.slice(0, longestName)}`;
    this.#core.counts.rejected++;
    const { from, timeout } = readRequestHeaders(msg);
    const isCast = from !== undefined && timeout === undefined;
    const headers = statusHeaders("unknown-message", `${address} is unknown here`, { from: signature });
    if (!isCast) this.#answer(msg, headers);
    const issues = [{ message: "no such message here", path: [] }];
    if (this.#core.events.heard("rejected")) this.#core.events.emit("rejected", { address, issues, from });
    this.#log.warn(`${mailbox} unknown`, () => about(address, msg), "a message is unknown here and was refused");
  }

  /**
   * By all that is known here nobody waits for an answer any more. That is partly the word of whoever sent it, so it is answered all the
   * same. @param retryAfter ms
   */
  expired(served: ServedMessage, msg: Message, retryAfter: number): void {
    this.#core.counts.expired++;
    served.figures.trouble("expired");
    tellRefused(served.address, "expired");
    const fields = () => about(served.address, msg);
    this.#log.warn(`${served.address} expired`, fields, "a message came too late to be worked on");
    this.#refuse(served, msg, this.#status(served, "overloaded", { retryAfter }));
  }

  #status(
    { address, signature }: ServedMessage,
    status: "overloaded" | "draining",
    extra: { readonly retryAfter?: number } = {},
  ): HeaderBlock {
    return statusHeaders(status, `${address} is ${status}`, { ...extra, from: signature });
  }

  #refuse({ isCall }: ServedMessage, msg: Message, headers: HeaderBlock): void {
    if (isCall) this.#answer(msg, headers);
  }

  #answer({ origin, reply }: Message, headers: HeaderBlock): void {
    const { answers } = this.#core;
    if (answers.mayGoTo(reply)) answers.send(origin, reply, nothing, headers);
  }
}

const overloadText = ({ isCall }: ServedMessage): string =>
  isCall ? "a mailbox is overloaded and refuses" : "too much waits for a handler, so what came was dropped";

/** Which message a line is about. Its headers are read for the line alone. */
function about(address: string, msg: Message): object {
  const { from, trace } = readRequestHeaders(msg);
  return { message: address, from, ...traceIds(passedOn(trace)) };
}
