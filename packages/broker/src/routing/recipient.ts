import type { Congestion } from "../bounds/congestion.js";
import type { Publication } from "../wire/publication.js";

/** Who subscribes and publishes, as the router knows it. */
export interface Recipient {
  /** Whether its own messages come back to it. */
  readonly echoes: boolean;
  /** Whether a message that one of its subscriptions matches is kept from it all the same. */
  withholds(subject: string): boolean;
  /** Takes a message for one of its subscriptions; false if it is closed. */
  deliver(from: Recipient, publication: Publication, sid: Buffer): boolean;
  /** Ends one of its subscriptions. */
  unsubscribe(sidKey: string): void;
  /** Holds back what it publishes while somebody who gets it is congested. */
  waitFor(congestion: Congestion): void;
}
