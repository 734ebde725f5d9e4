import type { Msg } from "@nats-io/nats-core";
import type { RequestHeaders } from "../wire/headers.js";
import type { Handling } from "./handling.js";
import type { Intake } from "./intake.js";

/** A message of a mailbox served here, and what takes it and handles it. */
export interface ServedMessage {
  /** Such as `pricing.quote`. */
  readonly address: string;
  readonly isCall: boolean;
  /** The contract's timeout, for callers that say none; for a cast, how long its handler may keep its slot. In ms. */
  readonly timeout: number;
  readonly intake: Intake;
  readonly handling: Handling;
}

/** A message that was admitted and waits for its turn: still the bytes that came. */
export interface Waiting {
  readonly served: ServedMessage;
  readonly msg: Msg;
  readonly headers: RequestHeaders;
  /** When nobody waits for its answer any more, on the clock of `performance.now()`. */
  readonly endsAt: number;
}
