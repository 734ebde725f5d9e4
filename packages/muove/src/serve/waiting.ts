import type { Handling } from "./handling.js";
import type { Admitted, Intake } from "./intake.js";

/** A message of a mailbox served here, and what takes it and handles it. */
export interface ServedMessage {
  /** Such as `pricing.quote`. */
  readonly address: string;
  readonly isCall: boolean;
  /** The contract's timeout, for callers that say none; for a cast, how long its handler may keep its slot. In ms. */
  readonly timeout: number;
  /** Who answers, where the answer must say so: to what was sent to everyone. */
  readonly signature: string | undefined;
  readonly intake: Intake;
  readonly handling: Handling;
}

/** A message that waits for its turn. */
export interface Waiting extends Admitted {
  readonly served: ServedMessage;
}
