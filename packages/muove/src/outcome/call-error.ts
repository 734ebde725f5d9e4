import { MuoveError } from "@muove/contract";
import type { Failed, NoAnswer } from "./outcome.js";

const codes = {
  failed: "MUOVE_CALL_FAILED",
  unavailable: "MUOVE_CALL_UNAVAILABLE",
  faulty: "MUOVE_CALL_FAULTY",
} as const;

/**
 * Thrown by `.orThrow()`: a call's outcome as an exception. The stack starts where `.orThrow()` was called.
 *
 * - `code` is `MUOVE_CALL_FAILED`, `MUOVE_CALL_UNAVAILABLE` or `MUOVE_CALL_FAULTY`, by the outcome's status.
 * - `outcome` is the whole outcome.
 */
export class CallError<E = unknown> extends MuoveError {
  override readonly name = "CallError";
  readonly code: (typeof codes)[keyof typeof codes];
  readonly outcome: Failed<E> | NoAnswer;

  constructor(outcome: Failed<E> | NoAnswer) {
    super(outcome.message);
    this.code = codes[outcome.status];
    this.outcome = outcome;
  }
}
