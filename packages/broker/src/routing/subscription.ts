import type { Connection } from "../connection/connection.js";
import type { Interest } from "../subjects/interest.js";

/** One subscription of one connection. */
export class Subscription implements Interest {
  readonly connection: Connection;
  readonly subject: string;
  readonly queue: string | undefined;
  /** The client's own name for it, as bytes: it is repeated in every message. */
  readonly sid: Buffer;
  readonly sidKey: string;
  /** Messages that were delivered to it, or tried to. */
  delivered = 0;
  /** It ends with this many messages; 0 while there is no such bound. */
  max = 0;
  closed = false;

  constructor(connection: Connection, subject: string, queue: string | undefined, sidKey: string) {
    this.connection = connection;
    this.subject = subject;
    this.queue = queue;
    this.sidKey = sidKey;
    this.sid = Buffer.from(sidKey, "latin1");
  }
}
