import { cr, crlfLength, lf, space, tab } from "./bytes.js";
import { HeldLine } from "./held-line.js";
import { type Verb, type VerbNode, verbTree } from "./verbs.js";
import { fatal, Violation } from "./violation.js";

/** Callbacks of the parser, called inside `feed()`. A callback that throws a `Violation` ends the connection. */
export interface Operations {
  /** Before each operation, with its first byte. */
  begin(firstByte: number): void;
  /**
   * A control line is complete. Returns the number of payload bytes that follow, or -1 if the operation has no payload.
   */
  line(verb: Verb, bytes: Buffer, start: number, end: number): number;
  /** The payload with its CRLF, in `bytes` from `start` to `end`. */
  payload(bytes: Buffer, start: number, end: number): void;
  /** An operation without arguments: PING, PONG, +OK. */
  bare(verb: Verb): void;
}

type State = "verb" | "gap" | "line" | "rest" | "payload";

/**
 * Splits a client's byte stream into operations, however it is split into chunks.
 *
 * PARSER-1 Bytes are read once, in order. A line or payload within one chunk is never copied.
 * PARSER-2 Chunks are never modified after `feed()`, so positions in them stay valid.
 * PARSER-3 Between two chunks it holds at most one control line (bounded by `maxControlLine`) and one payload (bounded
 *   by the result of `line()`).
 *
 * It copies nats-server's quirks too: the first byte of an argument may be anything, and a CR anywhere in a line makes
 * the line one byte shorter.
 */
export class Parser {
  readonly #operations: Operations;
  readonly #maxControlLine: number;
  #state: State = "verb";
  #node: VerbNode = verbTree;
  #verb: Verb = "PING";
  #spaced = false;
  #held = new HeldLine();
  #payload: Buffer | undefined;
  #filled = 0;
  /** The size of the chunk with the payload's control line. */
  #lineKeeps = 0;

  constructor(operations: Operations, maxControlLine: number) {
    this.#operations = operations;
    this.#maxControlLine = maxControlLine;
  }

  /** Bytes held until their operation is complete. */
  get held(): number {
    return this.#payload === undefined ? this.#held.length : this.#lineKeeps + this.#filled;
  }

  /** Whether a control line was read and its payload is incomplete. */
  get awaitsPayload(): boolean {
    return this.#payload !== undefined;
  }

  /** Reads the next bytes. They must not be modified afterwards. */
  feed(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      switch (this.#state) {
        case "verb":
          at = this.#readVerb(chunk, at);
          break;
        case "gap":
          at = this.#skipGap(chunk, at);
          break;
        case "line":
          at = this.#readLine(chunk, at);
          break;
        case "rest":
          at = this.#skipRest(chunk, at);
          break;
        case "payload":
          at = this.#fillPayload(chunk, at);
          break;
      }
    }
  }

  #readVerb(chunk: Buffer, from: number): number {
    let node = this.#node;
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (node === verbTree) this.#operations.begin(byte);
      const next = node.next[byte];
      if (next === undefined) throw new Violation(fatal.unknownOperation);
      if (next.verb !== undefined) {
        this.#verb = next.verb;
        this.#spaced = next.tail !== "spaced";
        this.#state = next.tail === "ignored" ? "rest" : "gap";
        this.#node = verbTree;
        return i + 1;
      }
      node = next;
    }
    this.#node = node;
    return chunk.length;
  }

  #skipGap(chunk: Buffer, from: number): number {
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte === space || byte === tab) this.#spaced = true;
      else if (!this.#spaced) throw new Violation(fatal.unknownOperation);
      else {
        this.#state = "line";
        return this.#scanLine(chunk, i, i + 1);
      }
    }
    return chunk.length;
  }

  #skipRest(chunk: Buffer, from: number): number {
    for (let i = from; i < chunk.length; i++) {
      if (chunk[i] !== lf) continue;
      this.#state = "verb";
      this.#operations.bare(this.#verb);
      return i + 1;
    }
    return chunk.length;
  }

  #readLine(chunk: Buffer, from: number): number {
    return this.#scanLine(chunk, from, from);
  }

  /** Searches for the end of the line that starts at `start`, beginning at `from`. */
  #scanLine(chunk: Buffer, start: number, from: number): number {
    let drop = 0;
    for (let i = from; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte === cr) drop = 1;
      else if (byte === lf) return this.#endLine(chunk, start, i, drop);
    }
    this.#held.append(chunk, start, chunk.length, drop);
    this.#boundLine(this.#held.length);
    return chunk.length;
  }

  #endLine(chunk: Buffer, start: number, newline: number, drop: number): number {
    if (!this.#held.active) return this.#takeLine(chunk, start, newline - drop, chunk, newline + 1);
    this.#held.append(chunk, start, newline, drop);
    const line = this.#held.take();
    return this.#takeLine(line, 0, line.length, chunk, newline + 1);
  }

  #takeLine(bytes: Buffer, start: number, end: number, chunk: Buffer, next: number): number {
    this.#boundLine(end - start);
    this.#state = "verb";
    const size = this.#operations.line(this.#verb, bytes, start, end);
    return size < 0 ? next : this.#startPayload(chunk, next, size + crlfLength);
  }

  #boundLine(length: number): void {
    if (length > this.#maxControlLine) throw new Violation(fatal.maxControlLine);
  }

  #startPayload(chunk: Buffer, start: number, length: number): number {
    const end = start + length;
    if (end <= chunk.length) {
      this.#endPayload(chunk, start, end);
      return end;
    }
    // nats-server accepts an HMSG from a client only if it comes in one read.
    if (this.#verb === "HMSG") throw new Violation(fatal.unknownOperation);
    this.#state = "payload";
    this.#payload = Buffer.allocUnsafe(length);
    this.#filled = 0;
    this.#lineKeeps = chunk.length;
    return start;
  }

  #fillPayload(chunk: Buffer, from: number): number {
    const payload = this.#payload as Buffer;
    const copied = chunk.copy(payload, this.#filled, from);
    this.#filled += copied;
    this.#checkEnd(payload, payload.length, this.#filled);
    if (this.#filled === payload.length) {
      this.#state = "verb";
      this.#payload = undefined;
      this.#endPayload(payload, 0, payload.length);
    }
    return from + copied;
  }

  #endPayload(bytes: Buffer, start: number, end: number): void {
    this.#checkEnd(bytes, end, end);
    this.#operations.payload(bytes, start, end);
  }

  /** A payload must end in CRLF. A wrong byte is refused as soon as it arrives. */
  #checkEnd(bytes: Buffer, end: number, filled: number): void {
    if (filled > end - 2 && bytes[end - 2] !== cr) throw new Violation(fatal.unknownOperation);
    if (filled > end - 1 && bytes[end - 1] !== lf) throw new Violation(fatal.unknownOperation);
  }
}
