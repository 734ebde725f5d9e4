import type { Holdings } from "../bounds/holdings.js";
import { SharedPayload } from "../bounds/shared-payload.js";
import { Tokens } from "./tokens.js";

const nothing = Buffer.alloc(0);

/**
 * A PUB or HPUB. Its control line is kept as positions in the bytes it came in, because a MSG repeats its arguments as
 * they were written: `PUB a 007` is delivered as `MSG a 1 007`. Each connection has one, reused from message to
 * message.
 *
 * PUBLICATION-1 From `carry()` on, header, payload and CRLF are `bytes[start, end)`. After `forget()` it keeps none of
 *   what came in.
 */
export class Publication {
  readonly tokens = new Tokens();
  /** The subject as a key. */
  subject = "";
  /** Which argument is the reply subject, the header's size, the size of all; -1 if there is none. */
  replyAt = -1;
  headerSizeAt = -1;
  sizeAt = -1;
  /** Bytes of header, and bytes of header and payload together. */
  headerSize = 0;
  size = 0;
  /** Where header, payload and CRLF are. */
  bytes: Buffer = nothing;
  start = 0;
  end = 0;
  #shared: SharedPayload | undefined;

  get hasReply(): boolean {
    return this.replyAt >= 0;
  }

  /** The reply subject as a key, or "". */
  get reply(): string {
    return this.hasReply ? this.tokens.key(this.replyAt) : "";
  }

  /** Whether it carries a header; one of no bytes is none. */
  get hasHeader(): boolean {
    return this.headerSize > 0;
  }

  /** Reads a PUB's line; false if it is not one. */
  readPub(bytes: Buffer, start: number, end: number): boolean {
    const { tokens } = this;
    tokens.split(bytes, start, end, false);
    if (tokens.count !== 2 && tokens.count !== 3) return false;
    this.replyAt = tokens.count === 3 ? 1 : -1;
    this.headerSizeAt = -1;
    this.headerSize = 0;
    return this.#readSubjectAndSize();
  }

  /** Reads an HPUB's line; false if it is not one. */
  readHpub(bytes: Buffer, start: number, end: number): boolean {
    const { tokens } = this;
    tokens.split(bytes, start, end, false);
    if (tokens.count !== 3 && tokens.count !== 4) return false;
    this.replyAt = tokens.count === 4 ? 1 : -1;
    this.headerSizeAt = tokens.count - 2;
    this.headerSize = tokens.size(this.headerSizeAt);
    return this.#readSubjectAndSize() && this.headerSize >= 0 && this.headerSize <= this.size;
  }

  /** Its payload is there. */
  carry(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.#shared = undefined;
  }

  /** It was delivered, and no other one has begun. */
  forget(): void {
    this.bytes = nothing;
    this.tokens.bytes = nothing;
    this.#shared = undefined;
  }

  /** Its payload, to be counted once for all who are sent it as it is. */
  share(holdings: Holdings): SharedPayload {
    this.#shared ??= new SharedPayload(holdings, this.end - this.start);
    return this.#shared;
  }

  /** What nats-server takes an HMSG from a client for: an empty message on no subject. */
  readNothing(): void {
    this.tokens.count = 0;
    this.subject = "";
    this.replyAt = -1;
    this.headerSize = 0;
    this.size = 0;
  }

  #readSubjectAndSize(): boolean {
    this.subject = this.tokens.key(0);
    this.sizeAt = this.tokens.count - 1;
    this.size = this.tokens.size(this.sizeAt);
    return this.size >= 0;
  }
}
