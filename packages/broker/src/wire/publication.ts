import type { Holdings } from "../bounds/holdings.js";
import { SharedPayload } from "../bounds/shared-payload.js";
import { Tokens } from "./tokens.js";

const nothing = Buffer.alloc(0);

/**
 * A PUB or HPUB. Its control line is kept as positions in the received bytes, because a MSG repeats the arguments as
 * written: `PUB a 007` is delivered as `MSG a 1 007`. Each connection reuses one object for all messages.
 *
 * PUBLICATION-1 From `carry()` on, header, payload and CRLF are `bytes[start, end)`. After `forget()` it retains no
 *   received bytes.
 */
export class Publication {
  readonly tokens = new Tokens();
  /** The subject as a key. */
  subject = "";
  /**
   * The indexes of the reply subject, the header's size and the total size among the arguments; -1 if there is none.
   */
  replyAt = -1;
  headerSizeAt = -1;
  sizeAt = -1;
  /** The size of the header, and of header and payload together. */
  headerSize = 0;
  size = 0;
  /** The bytes with header, payload and CRLF. */
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

  /** Whether it has a non-empty header. */
  get hasHeader(): boolean {
    return this.headerSize > 0;
  }

  /** Reads the line of a PUB. False if it is invalid. */
  readPub(bytes: Buffer, start: number, end: number): boolean {
    const { tokens } = this;
    tokens.split(bytes, start, end, false);
    if (tokens.count !== 2 && tokens.count !== 3) return false;
    this.replyAt = tokens.count === 3 ? 1 : -1;
    this.headerSizeAt = -1;
    this.headerSize = 0;
    return this.#readSubjectAndSize();
  }

  /** Reads the line of an HPUB. False if it is invalid. */
  readHpub(bytes: Buffer, start: number, end: number): boolean {
    const { tokens } = this;
    tokens.split(bytes, start, end, false);
    if (tokens.count !== 3 && tokens.count !== 4) return false;
    this.replyAt = tokens.count === 4 ? 1 : -1;
    this.headerSizeAt = tokens.count - 2;
    this.headerSize = tokens.size(this.headerSizeAt);
    return this.#readSubjectAndSize() && this.headerSize >= 0 && this.headerSize <= this.size;
  }

  /** Sets its payload. */
  carry(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.#shared = undefined;
  }

  /** Called after delivery, before the next one begins. */
  forget(): void {
    this.bytes = nothing;
    this.tokens.bytes = nothing;
    this.#shared = undefined;
  }

  /** Its payload, counted once for all connections that get it by reference. */
  share(holdings: Holdings): SharedPayload {
    this.#shared ??= new SharedPayload(holdings, this.end - this.start);
    return this.#shared;
  }

  /** Treats an HMSG from a client as nats-server does: as an empty message without a subject. */
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
