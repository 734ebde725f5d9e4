import { MuoveError } from "@muove/contract";
import type { ApiResult } from "../jetstream/api.js";

/**
 * Why an operator's request had no effect that is known.
 *
 * - `unreachable`: there is no connection to NATS, or it ended first. `timeout`: JetStream did not answer in time.
 * - `no-store`: JetStream is not enabled there, or the mailbox's streams and consumers are not there.
 * - `not-found`: there is no such letter. `forbidden`: NATS permissions refuse it. `refused`: JetStream does.
 */
export type MailErrorReason = "unreachable" | "timeout" | "no-store" | "not-found" | "forbidden" | "refused";

/** What methods of `bus.mail()` and `provisionMail()` reject with. */
export class MailError extends MuoveError {
  override readonly name = "MailError";
  readonly code = "MUOVE_MAIL";
  readonly reason: MailErrorReason;

  constructor(reason: MailErrorReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

type Refused = Exclude<ApiResult, { readonly kind: "reply" }>;

const noStream = 10059;
const noConsumer = 10014;
const noMessage = 10037;

/** Whether JetStream says that there is no such message. */
export const isMissing = (result: ApiResult): boolean => result.kind === "error" && result.errCode === noMessage;

/** @param what was asked for, such as `the dead letters of orders`. */
export function mailError(what: string, result: Refused): MailError {
  switch (result.kind) {
    case "none":
      return new MailError("no-store", `${what}: JetStream is not enabled there`);
    case "silent":
      return new MailError("timeout", `${what}: JetStream did not answer in time`);
    case "lost":
      return new MailError("unreachable", `${what}: there is no connection to NATS, or it was lost`);
    case "forbidden":
      return new MailError("forbidden", `${what}: NATS permissions refuse it`);
    case "error":
      return new MailError(reasonOf(result.errCode), `${what}: ${result.description}`);
  }
}

function reasonOf(errCode: number): MailErrorReason {
  if (errCode === noStream || errCode === noConsumer) return "no-store";
  return errCode === noMessage ? "not-found" : "refused";
}
