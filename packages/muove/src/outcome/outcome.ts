import type { Issue } from "@muove/contract";

/**
 * What is known of a message's fate:
 *
 * - `yes`: a handler got it.
 * - `no`: no handler ran and none will, so it is safe to send again (that does not mean that sending again *at once*
 *   helps).
 * - `maybe`: it may have been handled; only what is idempotent may be sent again.
 */
export type Delivered = "yes" | "no" | "maybe";

/** The call went through. */
export interface Ok<T> {
  readonly status: "ok";
  readonly value: T;
  readonly delivered: "yes";
}

/** The service answered with an error that its contract declares: an answer, so fallbacks do not replace it. */
export interface Failed<E> extends Described {
  readonly status: "failed";
  /** The code and the data that the contract declares for it. */
  readonly error: E;
  readonly delivered: "yes";
}

interface Described {
  /**
   * The mailbox and message that was called, such as `pricing.quote`; with `@` and the instance or the tags where it
   * was for these.
   */
  readonly address: string;
  /** What happened, in a sentence for people; match on `status` and `reason` instead. */
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
 * This container has no connection to NATS, or none that still takes a message of that size (`no`), or lost it with the
 * call under way (`maybe`).
 */
export type Unreachable = UnavailableBecause<"unreachable", "no" | "maybe">;
/** Nobody listens at that address. */
export type Absent = UnavailableBecause<"absent", "no">;
/** Its mailbox is full, or could not answer in the time left. */
export interface Overloaded extends UnavailableBecause<"overloaded", "no"> {
  /** When to try again, in ms from now. */
  readonly retryAfter: number;
}
/** It is shutting down. */
export type Draining = UnavailableBecause<"draining", "no">;
/** No answer by the deadline. */
export type TimedOut = UnavailableBecause<"timeout", "maybe">;
/** This address has been timing out, so nothing was sent. */
export type CircuitOpen = UnavailableBecause<"circuit-open", "no">;
/** The bus's permissions refused it. */
export type Forbidden = UnavailableBecause<"forbidden", "no">;
/** No time was left to send it. */
export type Expired = UnavailableBecause<"expired", "no">;
/** The caller's signal aborted it, before it was sent (`no`) or after (`maybe`). */
export type Cancelled = UnavailableBecause<"cancelled", "no" | "maybe">;

/** The target could not be reached, or not in time. `reason` narrows `delivered`. */
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
  /** Names the crash in the callee's log, where the stack is. */
  readonly id?: string;
}
/** The handler ran; its answer does not fit into a message of this server. */
export type ReplyTooLarge = FaultyBecause<"reply-too-large", "yes">;
/** The answer is not what our contract says. */
export interface InvalidReply extends FaultyBecause<"invalid-reply", "yes"> {
  readonly issues: readonly Issue[];
}
/** The callee does not take what our contract allows. */
export interface Rejected extends FaultyBecause<"rejected", "no"> {
  readonly issues: readonly Issue[];
}
/** The callee does not know this message. */
export type UnknownMessage = FaultyBecause<"unknown-message", "no">;

/** Something answered, but not with an answer of the contract. `reason` narrows `delivered`. */
export type Faulty = Crashed | ReplyTooLarge | InvalidReply | Rejected | UnknownMessage;

/** The outcomes that fallbacks stand in for. */
export type NoAnswer = Unavailable | Faulty;

/** A fallback's answer, in place of a `missing` outcome. */
export interface Degraded<T> {
  readonly status: "degraded";
  readonly value: T;
  /** Why there is no real answer: the reason of the outcome that this stands for. */
  readonly reason: NoAnswer["reason"];
  readonly delivered: Delivered;
  /** The outcome that this stands for. */
  readonly outcome: NoAnswer;
  /** What kind of fallback answered. */
  readonly source: "constant" | "function" | "last-known";
  /** How old a last known answer is, in ms; `undefined` for the other sources. */
  readonly age: number | undefined;
  /** What fallbacks before this one threw. */
  readonly fallbackErrors?: readonly unknown[];
}

/** What a call resolves to; `Failed` is there where the contract declares errors. */
export type Outcome<T, E = never> = Ok<T> | ([E] extends [never] ? never : Failed<E>) | NoAnswer;
