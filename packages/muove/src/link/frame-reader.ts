import { NatsMessage } from "./nats-message.js";
import type { Origin } from "./publication.js";

/*
 * FRAME-READER-1 Every byte is read once, in order, however the chunks are cut: as part of a message, or of a line for
 *   the client.
 * FRAME-READER-2 Time and memory are proportional to the input: a message in several chunks is joined once.
 * FRAME-READER-3 After an error it reads nothing more, because it does not know where the next message begins.
 */

const newLine = 0x0a;
const carriageReturn = 0x0d;
const blank = 0x20;
const tab = 0x09;
const rubout = 0x7f;
/** The same limit as in the client. */
const maxBytes = 64 * 1024 * 1024;

/** The part of the client's parser that reads the other lines. */
export interface LineParser {
  /** 0 at the start of a line. */
  readonly state: number;
  parse(bytes: Uint8Array): void;
}

/** Reads messages from a connection's bytes, and leaves all other lines of the protocol to the client's parser. */
export class FrameReader {
  readonly #origin: Origin;
  readonly #lines: LineParser;
  readonly #receive: (subscription: number, message: NatsMessage) => void;
  #kept: Buffer[] = [];
  #keptLength = 0;
  #missing = 0;

  /**
   * @param origin the connection that the bytes come from.
   * @param receive called for each message, with the client's id of the subscription.
   */
  constructor(origin: Origin, lines: LineParser, receive: (subscription: number, message: NatsMessage) => void) {
    this.#origin = origin;
    this.#lines = lines;
    this.#receive = receive;
  }

  /** @throws Error when the bytes are not the NATS protocol. */
  read(chunk: Buffer): void {
    if (chunk.length < this.#missing) return this.#keep(chunk, this.#missing - chunk.length);
    const bytes = this.#withKept(chunk);
    let at = 0;
    while (at < bytes.length) {
      const end = this.#frame(bytes, at);
      if (end > bytes.length) return this.#keep(bytes.subarray(at), end - bytes.length);
      at = end;
    }
  }

  /** Keeps the start of a frame until at least `missing` more bytes have arrived (FRAME-READER-2). */
  #keep(bytes: Buffer, missing: number): void {
    this.#kept.push(bytes);
    this.#keptLength += bytes.length;
    this.#missing = missing;
  }

  #withKept(chunk: Buffer): Buffer {
    if (this.#keptLength === 0) return chunk;
    const bytes = Buffer.concat([...this.#kept, chunk], this.#keptLength + chunk.length);
    this.#kept = [];
    this.#keptLength = 0;
    this.#missing = 0;
    return bytes;
  }

  /** Reads the frame at `at` if it is complete. Returns where it ends; if it is incomplete, a lower bound of that. */
  #frame(bytes: Buffer, at: number): number {
    const line = bytes.indexOf(newLine, at);
    if (line === -1) return bytes.length + 1;
    if (this.#lines.state === 0 && isMessage(bytes[at] as number)) return this.#message(bytes, at, line);
    this.#lines.parse(bytes.subarray(at, line + 1));
    return line + 1;
  }

  /** `MSG <subject> <sid> [reply] <size>` or `HMSG <subject> <sid> [reply] <size of headers> <size of all>`. */
  #message(bytes: Buffer, at: number, line: number): number {
    const subject = wordFrom(bytes, endOfWord(bytes, at));
    const subjectEnd = endOfWord(bytes, subject);
    const sid = wordFrom(bytes, subjectEnd);
    const sidEnd = endOfWord(bytes, sid);
    const lineEnd = wordUntil(bytes, bytes[line - 1] === carriageReturn ? line - 1 : line);
    const size = startOfWord(bytes, lineEnd);
    if (size < sidEnd) throw noProtocol(bytes, at, line);
    const data = line + 1;
    const end = data + numberIn(bytes, size, lineEnd);
    if (end + 2 > bytes.length) return end + 2;
    if (bytes[end] !== carriageReturn || bytes[end + 1] !== newLine) throw noProtocol(bytes, at, line);

    let replyEnd = wordUntil(bytes, size);
    let payload = data;
    if (isHeaded(bytes[at] as number)) {
      const headers = startOfWord(bytes, replyEnd);
      payload += numberIn(bytes, headers, replyEnd);
      replyEnd = wordUntil(bytes, headers);
    }
    if (replyEnd < sidEnd || payload > end) throw noProtocol(bytes, at, line);
    const reply = replyFrom(bytes, sidEnd, replyEnd);
    const message = new NatsMessage(this.#origin, bytes, subject, subjectEnd, reply, replyEnd, data, payload, end);
    this.#receive(numberIn(bytes, sid, sidEnd), message);
    return end + 2;
  }
}

/**
 * The start of the reply subject that ends at `end`. A reply subject with other than visible characters counts as
 * missing: servers pass on control characters, which could end a protocol line that we write.
 */
function replyFrom(bytes: Buffer, sidEnd: number, end: number): number {
  if (end === sidEnd) return end;
  const start = wordFrom(bytes, sidEnd);
  for (let at = start; at < end; at++) if ((bytes[at] as number) <= blank || bytes[at] === rubout) return end;
  return start;
}

/** `m` or `h` in either case. No other line begins with them. */
const isMessage = (byte: number): boolean => (byte | 0x20) === 0x6d || isHeaded(byte);

const isHeaded = (byte: number): boolean => (byte | 0x20) === 0x68;

/** Spaces and tabs separate words. As in the server, a subject may contain any other byte. */
const isWord = (byte: number | undefined): boolean =>
  (byte as number) > blank || (byte !== blank && byte !== tab && byte !== newLine && byte !== undefined);

/** The start of the next word at or after `at`, at most the end of the line. */
function wordFrom(bytes: Buffer, at: number): number {
  let from = at;
  while (bytes[from] === blank || bytes[from] === tab) from++;
  return from;
}

/** The end of the word that starts at `at`. */
function endOfWord(bytes: Buffer, at: number): number {
  let end = at;
  while (isWord(bytes[end])) end++;
  return end;
}

/** The end of the last word before `at`. */
function wordUntil(bytes: Buffer, at: number): number {
  let end = at;
  while (bytes[end - 1] === blank || bytes[end - 1] === tab) end--;
  return end;
}

/** The start of the word that ends at `end`. */
function startOfWord(bytes: Buffer, end: number): number {
  let from = end;
  while (isWord(bytes[from - 1])) from--;
  return from;
}

function numberIn(bytes: Buffer, from: number, end: number): number {
  let number = 0;
  for (let at = from; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  if (end > from && number <= maxBytes) return number;
  throw new Error(`not a number of the NATS protocol: ${JSON.stringify(bytes.toString("latin1", from, end))}`);
}

function noProtocol(bytes: Buffer, at: number, line: number): Error {
  return new Error(`not the NATS protocol: ${JSON.stringify(bytes.toString("latin1", at, line))}`);
}
