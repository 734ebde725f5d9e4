import type { Interest } from "../subjects/interest.js";
import type { Recipient } from "./recipient.js";

/** What a subscription takes in memory, in bytes: about so much by itself, and for each token of its subject. */
const baseWeight = 500;
const tokenWeight = 250;

/** One subscription of one recipient. */
export class Subscription implements Interest {
  readonly recipient: Recipient;
  readonly subject: string;
  readonly queue: string | undefined;
  /** The client's own name for it, as bytes: it is repeated in every message. */
  readonly sid: Buffer;
  readonly sidKey: string;
  /** About how many bytes of memory it takes. */
  readonly weight: number;
  /** Messages that were delivered to it, or tried to. */
  delivered = 0;
  /** It ends with this many messages; 0 while there is no such bound. */
  max = 0;
  closed = false;

  constructor(recipient: Recipient, subject: string, queue: string | undefined, sidKey: string) {
    this.recipient = recipient;
    this.subject = subject;
    this.queue = queue;
    this.sidKey = sidKey;
    this.sid = Buffer.from(sidKey, "latin1");
    const texts = subject.length + (queue?.length ?? 0) + 2 * sidKey.length;
    this.weight = baseWeight + tokenWeight * subject.split(".").length + texts;
  }
}
