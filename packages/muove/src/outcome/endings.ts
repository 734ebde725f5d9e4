import type { Issue } from "@muove/contract";
import { issuesInWords } from "@muove/contract/internal";
import type {
  Absent,
  Cancelled,
  CircuitOpen,
  Crashed,
  Draining,
  Expired,
  Failed,
  Forbidden,
  InvalidReply,
  Ok,
  Overloaded,
  Refused,
  Rejected,
  ReplyTooLarge,
  TimedOut,
  UnknownMessage,
  Unreachable,
} from "./outcome.js";

// All outcomes of a call, in one place, so that each message says what was tried, on which mailbox and message.

export const ok = <T>(value: T): Ok<T> => ({ status: "ok", value, delivered: "yes" });

export const failed = <E extends { readonly code: string }>(address: string, error: E): Failed<E> => ({
  status: "failed",
  error,
  delivered: "yes",
  address,
  message: `${address} answered ${error.code}`,
});

export const unreachable = (address: string, delivered: "no" | "maybe"): Unreachable =>
  unavailable("unreachable", delivered, address, {
    no: "was not sent: this service has no connection to NATS",
    maybe: "may have been handled: the connection to NATS, or this service's inbox, was lost before the answer came",
  });

/** The same, because the program closed its own bus. */
export const closed = (address: string, delivered: "no" | "maybe"): Unreachable =>
  unavailable("unreachable", delivered, address, {
    no: "was not sent: this bus is closed",
    maybe: "may have been handled: this bus was closed before the answer came",
  });

/** Its size was checked when it was made, but the current server has a lower limit. */
export const unfit = (address: string, size: number, limit: number): Unreachable =>
  unavailable("unreachable", "no", address, {
    no:
      `was not sent: it takes ${size} bytes, and the current NATS server allows ${limit}. ` +
      "Send a reference to the data instead, or raise max_payload on that server",
  });

export const absent = (address: string): Absent =>
  unavailable("absent", "no", address, { no: "was not delivered: nobody listens at that address" });

export const overloaded = (address: string, retryAfter: number): Overloaded => ({
  ...unavailable("overloaded", "no", address, {
    no: `was refused: its mailbox is overloaded; try again in ${retryAfter} ms`,
  }),
  retryAfter,
});

export const draining = (address: string, delivered: "no" | "maybe"): Draining =>
  unavailable("draining", delivered, address, {
    no: "was refused: the instance that got it is shutting down",
    maybe: "may have been handled: the instance that got it shut down before it had answered",
  });

export const timedOut = (address: string, timeout: number): TimedOut =>
  unavailable("timeout", "maybe", address, { maybe: `did not answer within ${Math.round(timeout)} ms` });

export const circuitOpen = (address: string): CircuitOpen =>
  unavailable("circuit-open", "no", address, {
    no: "was not sent: its circuit is open because calls to it keep timing out",
  });

export const forbidden = (address: string): Forbidden =>
  unavailable("forbidden", "no", address, {
    no: "was refused by the permissions, or the limits, of this service's NATS user",
  });

export const expired = (address: string): Expired =>
  unavailable("expired", "no", address, { no: "was not sent: no time was left" });

export const cancelled = (address: string, delivered: "no" | "maybe"): Cancelled =>
  unavailable("cancelled", delivered, address, {
    no: "was not sent: its signal was aborted",
    maybe: "may have been handled: its signal was aborted before the answer came",
  });

export const crashed = (address: string, id: string | undefined, text = "crashed while handling it"): Crashed => ({
  ...faulty("crashed", "yes", address, id === undefined ? text : `${text} (see its log for ${id})`),
  ...(id === undefined ? {} : { id }),
});

export const replyTooLarge = (address: string, text: string): ReplyTooLarge =>
  faulty("reply-too-large", "yes", address, text);

export const invalidReply = (address: string, issues: readonly Issue[]): InvalidReply => ({
  ...faulty("invalid-reply", "yes", address, `sent an answer that breaks the contract: ${issuesInWords(issues)}`),
  issues,
});

export const rejected = (address: string, issues: readonly Issue[]): Rejected => ({
  ...faulty("rejected", "no", address, `refused this input: ${issuesInWords(issues)}`),
  issues,
});

export const refused = (address: string, text: string): Refused => ({
  ...faulty("refused", "no", address, `refused it: ${text}`),
  text,
});

export const unknownMessage = (address: string): UnknownMessage =>
  faulty("unknown-message", "no", address, "is not a message that this instance knows");

function unavailable<R extends string, D extends "no" | "maybe">(
  reason: R,
  delivered: D,
  address: string,
  words: Record<D, string>,
) {
  return { status: "unavailable", reason, delivered, address, message: `${address} ${words[delivered]}` } as const;
}

function faulty<R extends string, D extends "yes" | "no">(reason: R, delivered: D, address: string, words: string) {
  return { status: "faulty", reason, delivered, address, message: `${address} ${words}` } as const;
}
