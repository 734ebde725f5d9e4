import type { EncodedHeaders } from "../wire/headers.js";
import type { Target } from "../wire/outgoing.js";

/** A cast, checked and encoded. */
export interface Letter {
  readonly target: Target;
  /** As it was given, for the dead letter. */
  readonly input: unknown;
  readonly payload: Uint8Array;
  readonly headers: EncodedHeaders;
}
