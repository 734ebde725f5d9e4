import type { Congestion } from "../bounds/congestion.js";
import type { Publication } from "../wire/publication.js";

/** A subscriber and publisher, as the router sees it. */
export interface Recipient {
  /** Whether it gets its own messages. */
  readonly echoes: boolean;
  /** Whether a message must not be delivered although one of its subscriptions matches. */
  withholds(subject: string): boolean;
  /** Delivers a message for one of its subscriptions. False if it is closed, or if the message is for nobody there. */
  deliver(from: Recipient, publication: Publication, sid: Buffer): boolean;
  /** Ends one of its subscriptions. */
  unsubscribe(sidKey: string): void;
  /** Slows down its publishing while a subscriber is congested. */
  waitFor(congestion: Congestion): void;
}
