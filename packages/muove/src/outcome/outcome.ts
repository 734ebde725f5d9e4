import type { Issue } from "@muove/contract";

/**
 * What the sender knows about the fate of a message:
 *
 * - `yes`: a handler got it.
 * - `no`: no handler ran and none will, so sending it again is safe (but sending it again *at once* may not help).
 * - `maybe`: a handler may have got it. Send it again only if it is idempotent.
 */
export type Delivered = "yes" | "no" | "maybe";

/** The call succeeded. */
export interface Ok<T> {
  readonly status: "ok";
  readonly value: T;
  readonly delivered: "yes";
}

/** The service answered with an error that its contract declares. That is an answer, so fallbacks do not replace it. */
export interface Failed<E> extends Described {
  readonly status: "failed";
  /** The error's code and data, as the contract declares them. */
  readonly error: E;
  readonly delivered: "yes";
}

interface Described {
  /**
   * The called mailbox and message, such as `pricing.quote`. Followed by `@` and the instance or the tags if the call
   * was addressed to them.
   */
  readonly address: string;
  /** What happened, in a sentence for people. In code, match on `status` and `reason`. */
  readonly message: string;
}

interface UnavailableBecause<Reason extends string, D extends Delivered> extends Described {
  readonly status: "unavailable";
  readonly reason: Reason;
  readonly delivered: D;
  /** What the fallbacks threw, in their order, where they were asked and none answered. */
  readonly fallbackErrors?: readonly unknown[];
}

/**
 * There is no connection to NATS, or the current server does not accept a message of this size (`no`), or the
 * connection, or this service's inbox, was lost during the call (`maybe`).
 */
export type Unreachable = UnavailableBecause<"unreachable", "no" | "maybe">;
/** Nobody listens at that address. */
export type Absent = UnavailableBecause<"absent", "no">;
/** The mailbox is full, or cannot answer in the time left. */
export interface Overloaded extends UnavailableBecause<"overloaded", "no"> {
  /** When to try again, in ms from now. */
  readonly retryAfter: number;
}
/** The instance is shutting down: it refused the call (`no`), or stopped before its handler was done (`maybe`). */
export type Draining = UnavailableBecause<"draining", "no" | "maybe">;
/** No answer by the deadline. */
export type TimedOut = UnavailableBecause<"timeout", "maybe">;
/** Calls to this address keep timing out, so nothing was sent. */
export type CircuitOpen = UnavailableBecause<"circuit-open", "no">;
/** The permissions, or the limits, of this service's NATS user refused it. */
export type Forbidden = UnavailableBecause<"forbidden", "no">;
/** No time was left to send it. */
export type Expired = UnavailableBecause<"expired", "no">;
/** The caller's signal was aborted before the call was sent (`no`) or after (`maybe`). */
export type Cancelled = UnavailableBecause<"cancelled", "no" | "maybe">;

/** The target could not be reached in time. `reason` narrows `delivered`. */
export type Unavailable =
  | Unreachable
  | Absent
  | Overloaded
  | Draining
  | TimedOut
  | CircuitOpen
  | Forbidden
  | Expired
  | Cancelled;

interface FaultyBecause<Reason extends string, D extends Delivered> extends Described {
  readonly status: "faulty";
  readonly reason: Reason;
  readonly delivered: D;
  /** What the fallbacks threw, in their order, where they were asked and none answered. */
  readonly fallbackErrors?: readonly unknown[];
}

/** The handler threw. */
export interface Crashed extends FaultyBecause<"crashed", "yes"> {
  /** Identifies the crash in the callee's log, which has the stack. */
  readonly id?: string;
}
/** The handler ran, but its answer exceeds the server's message size. */
export type ReplyTooLarge = FaultyBecause<"reply-too-large", "yes">;
/** The answer breaks the contract. */
export interface InvalidReply extends FaultyBecause<"invalid-reply", "yes"> {
  readonly issues: readonly Issue[];
}
/** The callee refused an input that the caller's contract allows. */
export interface Rejected extends FaultyBecause<"rejected", "no"> {
  readonly issues: readonly Issue[];
}
/** A step of the callee refused it, for example because its token has expired. That says nothing against the callee. */
export interface Refused extends FaultyBecause<"refused", "no"> {
  /** Why, in the callee's words. */
  readonly text: string;
}
/** The callee does not know this message. */
export type UnknownMessage = FaultyBecause<"unknown-message", "no">;

/** The callee answered, but not with an answer from the contract. `reason` narrows `delivered`. */
export type Faulty = Crashed | ReplyTooLarge | InvalidReply | Rejected | Refused | UnknownMessage;

/** The outcomes that fallbacks replace. */
export type NoAnswer = Unavailable | Faulty;

/**
 * What may remain after fallbacks that may all have no answer, such as `.orElse(lastKnown())` alone. End the chain with
 * a value or a plain function, and it is gone.
 */
export type NoFallbackAnswered = Unavailable | Faulty;

/** A fallback's answer, in place of an `unavailable` or `faulty` outcome. */
export interface Degraded<T> {
  readonly status: "degraded";
  readonly value: T;
  /** Why there is no real answer: the reason of the replaced outcome. */
  readonly reason: NoAnswer["reason"];
  readonly delivered: Delivered;
  /** The replaced outcome. */
  readonly outcome: NoAnswer;
  /** What kind of fallback answered. */
  readonly source: "constant" | "function" | "last-known";
  /** The age of a last known answer, in ms. `undefined` for other sources. */
  readonly age: number | undefined;
  /** The errors of the fallbacks before this one. */
  readonly fallbackErrors?: readonly unknown[];
}

/** What a call resolves to; `Failed` is there where the contract declares errors. */
export type Outcome<T, E = never> = Ok<T> | ([E] extends [never] ? never : Failed<E>) | NoAnswer;
