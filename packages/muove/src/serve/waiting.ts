import type { Admitted } from "./intake.js";
import type { ServedMessage } from "./served-message.js";

/** A message that waits for its turn. */
export interface Waiting extends Admitted {
  readonly served: ServedMessage;
}
