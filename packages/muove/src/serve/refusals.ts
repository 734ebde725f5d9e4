import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { NatsMessage } from "../link/index.js";
import { tellRefused } from "../telemetry/figures.js";
import { passedOn } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { type HeaderBlock, nothing, readRequestHeaders } from "../wire/headers.js";
import { statusHeaders } from "../wire/reply-status.js";
import type { Endpoint } from "./endpoint.js";
import type { ServeEnvironment } from "./serve-environment.js";

/** For the name of an unknown message, which the sender chooses. */
const maxNameLength = 64;

/** Refuses messages without decoding them. Must be cheap: under load, most of the work is refusing. */
export class Refusals {
  readonly #env: ServeEnvironment;
  readonly #log: RateLimitedLog;

  constructor(env: ServeEnvironment) {
    this.#env = env;
    this.#log = new RateLimitedLog(env.log);
  }

  /** @param retryAfter in ms. */
  overloaded(endpoint: Endpoint, msg: NatsMessage, retryAfter: number): void {
    this.#env.counts.overloaded++;
    endpoint.figures.failure("overloaded");
    tellRefused(endpoint.address, "overloaded");
    const fields = () => ({ ...about(endpoint.address, msg), retryAfter });
    this.#log.warn(endpoint.address, fields, overloadText(endpoint));
    this.#refuse(endpoint, msg, this.#status(endpoint, "overloaded", { retryAfter }));
  }

  draining(endpoint: Endpoint, msg: NatsMessage): void {
    tellRefused(endpoint.address, "draining");
    this.#refuse(endpoint, msg, this.#status(endpoint, "draining"));
  }

  /** The mailbox has no such message here. Only messages to an instance, or to everyone, can be unknown. */
  unknown(mailbox: string, message: string, msg: NatsMessage, signature: string | undefined): void {
    const address = `${mailbox}.${message.slice(0, maxNameLength)}`;
    this.#env.counts.rejected++;
    const { from, timeout } = readRequestHeaders(msg);
    const isCast = from !== undefined && timeout === undefined;
    const headers = statusHeaders("unknown-message", `${address} is unknown here`, { from: signature });
    if (!isCast) this.#answer(msg, headers);
    const issues = [{ message: "no such message here", path: [] }];
    if (this.#env.events.heard("rejected")) this.#env.events.emit("rejected", { address, issues, from });
    this.#log.warn(`${mailbox} unknown`, () => about(address, msg), "rejected an unknown message");
  }

  /**
   * The caller's deadline has passed. That relies on the sender's own clock, so the call is answered all the same.
   *
   * @param retryAfter in ms.
   */
  expired(endpoint: Endpoint, msg: NatsMessage, retryAfter: number): void {
    this.#env.counts.expired++;
    endpoint.figures.failure("expired");
    tellRefused(endpoint.address, "expired");
    const fields = () => about(endpoint.address, msg);
    this.#log.warn(`${endpoint.address} expired`, fields, "expired: a message arrived after its deadline");
    this.#refuse(endpoint, msg, this.#status(endpoint, "overloaded", { retryAfter }));
  }

  #status(
    { address, signature }: Endpoint,
    status: "overloaded" | "draining",
    extra: { readonly retryAfter?: number } = {},
  ): HeaderBlock {
    return statusHeaders(status, `${address} is ${status}`, { ...extra, from: signature });
  }

  #refuse({ isCall }: Endpoint, msg: NatsMessage, headers: HeaderBlock): void {
    if (isCall) this.#answer(msg, headers);
  }

  #answer({ origin, reply }: NatsMessage, headers: HeaderBlock): void {
    const { answers } = this.#env;
    if (answers.mayGoTo(reply)) answers.send(origin, reply, nothing, headers);
  }
}

const overloadText = ({ isCall }: Endpoint): string =>
  isCall ? "overloaded: refused a call" : "overloaded: dropped a message";

/** The fields of a log line. Reads the headers, so call it only when the line is written. */
function about(address: string, msg: NatsMessage): object {
  const { from, trace } = readRequestHeaders(msg);
  return { address, from, ...traceIds(passedOn(trace)) };
}
