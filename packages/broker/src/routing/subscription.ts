import type { Interest } from "../subjects/interest.js";
import type { Recipient } from "./recipient.js";

/** The approximate memory of a subscription in bytes: a base, plus an amount per token of its subject. */
const baseWeight = 500;
const tokenWeight = 250;

/** One subscription of one recipient. */
export class Subscription implements Interest {
  readonly recipient: Recipient;
  readonly subject: string;
  readonly queue: string | undefined;
  /** The client's sid as bytes, which every message repeats. */
  readonly sid: Buffer;
  readonly sidKey: string;
  /** Its approximate memory in bytes. */
  readonly weight: number;
  /** The number of delivered messages, failed deliveries included. */
  delivered = 0;
  /** It ends after this many messages. 0 for no limit. */
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
