import { MuoveError } from "@muove/contract";

/** A fallback gave no answer that counts: against the contract, or too late. Found in an outcome's `fallbackErrors`. */
export class FallbackError extends MuoveError {
  readonly code = "MUOVE_FALLBACK";
}
