import type { Origin } from "./publication.js";

const zero = 0x30;
/** Every number with this many digits is exact. */
const maxDigits = 15;

/**
 * A message as it was received: its bytes and the positions of its parts. Each getter decodes its part on every call,
 * so refusing a message costs nothing; keep a part that you need twice.
 *
 * Subjects and headers are read and written as Latin-1, so bytes in any encoding go back unchanged.
 */
export class NatsMessage {
  /** The connection that received it. */
  readonly origin: Origin;
  readonly #bytes: Buffer;
  readonly #subject: number;
  readonly #subjectEnd: number;
  readonly #reply: number;
  readonly #replyEnd: number;
  readonly #headers: number;
  readonly #data: number;
  readonly #end: number;

  /**
   * The numbers are the positions where parts start and end in `bytes`. An empty range means that the part is missing.
   */
  constructor(
    origin: Origin,
    bytes: Buffer,
    subject: number,
    subjectEnd: number,
    reply: number,
    replyEnd: number,
    headers: number,
    data: number,
    end: number,
  ) {
    this.origin = origin;
    this.#bytes = bytes;
    this.#subject = subject;
    this.#subjectEnd = subjectEnd;
    this.#reply = reply;
    this.#replyEnd = replyEnd;
    this.#headers = headers;
    this.#data = data;
    this.#end = end;
  }

  get subject(): string {
    return this.#bytes.toString("latin1", this.#subject, this.#subjectEnd);
  }

  /**
   * Parses the subject after its first `length` characters as a decimal integer without leading zeros. -1 for anything
   * else.
   */
  subjectNumber(length: number): number {
    const bytes = this.#bytes;
    const from = this.#subject + length;
    const digits = this.#subjectEnd - from;
    if (digits < 1 || digits > maxDigits || (bytes[from] === zero && digits > 1)) return -1;
    let number = 0;
    for (let at = from; at < this.#subjectEnd; at++) {
      const digit = (bytes[at] as number) - zero;
      if (digit < 0 || digit > 9) return -1;
      number = number * 10 + digit;
    }
    return number;
  }

  /** Whether the subject continues with `text` after its first `length` characters. */
  subjectHas(text: string, length: number): boolean {
    const from = this.#subject + length;
    if (from + text.length > this.#subjectEnd) return false;
    for (let at = 0; at < text.length; at++) if (this.#bytes[from + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  /** The reply subject, or "" if the sender wants no reply. */
  get reply(): string {
    return this.#bytes.toString("latin1", this.#reply, this.#replyEnd);
  }

  /** The header block as received: `NATS/1.0`, the lines, an empty line. "" if there is none. */
  get headers(): string {
    return this.#bytes.toString("latin1", this.#headers, this.#data);
  }

  /** The payload, as a view of the received bytes. */
  get data(): Uint8Array {
    return this.#bytes.subarray(this.#data, this.#end);
  }

  /** Whether the payload is empty. */
  get empty(): boolean {
    return this.#data === this.#end;
  }
}
