import type { Origin } from "./publication.js";

const zero = 0x30;
/** All numbers of so many digits are exact. */
const mostDigits = 15;

/**
 * A message as it came: the bytes that were read, and where its parts lie in them. A part is made whenever it is asked
 * for, so whoever refuses a message pays for none, and whoever needs a part twice keeps it.
 *
 * Subjects and headers are read byte by byte (Latin-1), and written in the same way: what another client put there in
 * any encoding goes back as it came.
 */
export class NatsMessage {
  /** The connection that brought it. */
  readonly origin: Origin;
  readonly #bytes: Buffer;
  readonly #subject: number;
  readonly #subjectEnd: number;
  readonly #reply: number;
  readonly #replyEnd: number;
  readonly #headers: number;
  readonly #data: number;
  readonly #end: number;

  /** Each number is where a part starts or ends in `bytes`; a part that starts where it ends is missing. */
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
   * The number that the subject is after its first `length` characters, written as JavaScript writes it; -1 for all
   * else.
   */
  subjectNumber(length: number): number {
    const bytes = this.#bytes;
    const from = this.#subject + length;
    const digits = this.#subjectEnd - from;
    if (digits < 1 || digits > mostDigits || (bytes[from] === zero && digits > 1)) return -1;
    let number = 0;
    for (let at = from; at < this.#subjectEnd; at++) {
      const digit = (bytes[at] as number) - zero;
      if (digit < 0 || digit > 9) return -1;
      number = number * 10 + digit;
    }
    return number;
  }

  /** Whether the subject goes on with that text after its first `length` characters. */
  subjectHas(text: string, length: number): boolean {
    const from = this.#subject + length;
    if (from + text.length > this.#subjectEnd) return false;
    for (let at = 0; at < text.length; at++) if (this.#bytes[from + at] !== text.charCodeAt(at)) return false;
    return true;
  }

  /** Where an answer goes, one word; empty when none is wanted. */
  get reply(): string {
    return this.#bytes.toString("latin1", this.#reply, this.#replyEnd);
  }

  /** The header block, as it came: `NATS/1.0`, the lines, an empty line. Empty when there is none. */
  get headers(): string {
    return this.#bytes.toString("latin1", this.#headers, this.#data);
  }

  /** The payload: a view of the bytes that were read. */
  get data(): Uint8Array {
    return this.#bytes.subarray(this.#data, this.#end);
  }

  /** Whether it carries nothing. */
  get empty(): boolean {
    return this.#data === this.#end;
  }
}
