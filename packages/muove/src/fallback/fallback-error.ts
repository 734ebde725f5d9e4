import { MuoveError } from "@muove/contract";

/** A fallback's answer breaks the contract or came too late. Found in an outcome's `fallbackErrors`. */
export class FallbackError extends MuoveError {
  override readonly name = "FallbackError";
  readonly code = "MUOVE_FALLBACK";
}
