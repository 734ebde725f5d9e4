import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Message } from "../link/index.js";
import { tellRefused } from "../telemetry/figures.js";
import { passedOn } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { type HeaderBlock, nothing, readRequestHeaders } from "../wire/headers.js";
import { statusHeaders } from "../wire/reply-status.js";
import type { Endpoint } from "./endpoint.js";
import type { ServeEnvironment } from "./serve-environment.js";

/** Of a message that is unknown here: others choose it. */
const maxNameLength = 64;

/** What a mailbox says to messages that it does not even look at. Cheap: under load most of the work is saying no. */
export class Refusals {
  readonly #env: ServeEnvironment;
  readonly #log: RateLimitedLog;

  constructor(env: ServeEnvironment) {
    this.#env = env;
    this.#log = new RateLimitedLog(env.log);
  }

  /** @param retryAfter ms */
  overloaded(endpoint: Endpoint, msg: Message, retryAfter: number): void {
    this.#env.counts.overloaded++;
    endpoint.figures.trouble("overloaded");
    tellRefused(endpoint.address, "overloaded");
    const fields = () => ({ ...about(endpoint.address, msg), retryAfter });
    this.#log.warn(endpoint.address, fields, overloadText(endpoint));
    this.#refuse(endpoint, msg, this.#status(endpoint, "overloaded", { retryAfter }));
  }

  draining(endpoint: Endpoint, msg: Message): void {
    tellRefused(endpoint.address, "draining");
    this.#refuse(endpoint, msg, this.#status(endpoint, "draining"));
  }

  /** It is no message of that mailbox here; only those who address an instance, or all of them, can send such. */
  unknown(mailbox: string, message: string, msg: Message, signature: string | undefined): void {
    const address = `${mailbox}.${message.slice(0, maxNameLength)}`;
    this.#env.counts.rejected++;
    const { from, timeout } = readRequestHeaders(msg);
    const isCast = from !== undefined && timeout === undefined;
    const headers = statusHeaders("unknown-message", `${address} is unknown here`, { from: signature });
    if (!isCast) this.#answer(msg, headers);
    const issues = [{ message: "no such message here", path: [] }];
    if (this.#env.events.heard("rejected")) this.#env.events.emit("rejected", { address, issues, from });
    this.#log.warn(`${mailbox} unknown`, () => about(address, msg), "a message is unknown here and was refused");
  }

  /**
   * By all that is known here nobody waits for an answer any more. That is partly the word of whoever sent it, so it is answered all the
   * same. @param retryAfter ms
   */
  expired(endpoint: Endpoint, msg: Message, retryAfter: number): void {
    this.#env.counts.expired++;
    endpoint.figures.trouble("expired");
    tellRefused(endpoint.address, "expired");
    const fields = () => about(endpoint.address, msg);
    this.#log.warn(`${endpoint.address} expired`, fields, "a message came too late to be worked on");
    this.#refuse(endpoint, msg, this.#status(endpoint, "overloaded", { retryAfter }));
  }

  #status(
    { address, signature }: Endpoint,
    status: "overloaded" | "draining",
    extra: { readonly retryAfter?: number } = {},
  ): HeaderBlock {
    return statusHeaders(status, `${address} is ${status}`, { ...extra, from: signature });
  }

  #refuse({ isCall }: Endpoint, msg: Message, headers: HeaderBlock): void {
    if (isCall) this.#answer(msg, headers);
  }

  #answer({ origin, reply }: Message, headers: HeaderBlock): void {
    const { answers } = this.#env;
    if (answers.mayGoTo(reply)) answers.send(origin, reply, nothing, headers);
  }
}

const overloadText = ({ isCall }: Endpoint): string =>
  isCall ? "a mailbox is overloaded and refuses" : "too much waits for a handler, so what came was dropped";

/** Which message a line is about. Its headers are read for the line alone. */
function about(address: string, msg: Message): object {
  const { from, trace } = readRequestHeaders(msg);
  return { message: address, from, ...traceIds(passedOn(trace)) };
}
