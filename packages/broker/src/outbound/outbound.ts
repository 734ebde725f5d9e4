import type { Socket } from "node:net";
import type { Congestion } from "../bounds/congestion.js";
import type { Holdings } from "../bounds/holdings.js";
import type { SharedPayload } from "../bounds/shared-payload.js";
import { headBound, writeHead } from "../wire/message-head.js";
import type { Publication } from "../wire/publication.js";
import { byReference, WriteBlocks } from "./write-blocks.js";

/** Bytes that are counted before they come: a block takes memory before it is full, too. */
const countedAhead = 16_384;

/** The bounds that a connection has to keep up with, and who is told when it does not. */
export interface OutboundLimits {
  /** Most bytes that may wait to be sent. */
  readonly maxPending: number;
  /** Longest time, in ms, that one flush may take. */
  readonly writeDeadline: number;
  /** Counts what is held for all connections. */
  readonly holdings: Holdings;
  /** Asks for `flush()` to be called at the end of this turn of the event loop. */
  schedule(outbound: Outbound): void;
  /** The connection could not keep up; called once. */
  slow(): void;
}

/**
 * What waits to be sent on one connection.
 *
 * OUTBOUND-1 Bytes go out in the order in which they were put in.
 * OUTBOUND-2 At most one flush is under way; what is put in meanwhile goes out with the next.
 * OUTBOUND-3 `pending` counts every byte put in and not yet taken by the operating system, and is at most
 *   `maxPending`.
 * OUTBOUND-4 Once `stop()` was called nothing more is taken in, and no timer of this object is left.
 * OUTBOUND-5 What was put in counts in the holdings, and a little ahead, until the operating system has taken it, or
 *   `discard()` was called.
 */
export class Outbound implements Congestion {
  readonly #socket: Socket;
  readonly #limits: OutboundLimits;
  readonly #blocks = new WriteBlocks();
  #inFlight = 0;
  /** Of what was put in since the last flush, what is sent from where it was read; the rest was copied. */
  #referred = 0;
  /** What the holdings count for copies, and what for the rest; since the last flush, and in it. */
  #counted = 0;
  #countedInFlight = 0;
  #shared: SharedPayload[] = [];
  #sharedInFlight: SharedPayload[] = [];
  #stopped = false;
  #deadline: NodeJS.Timeout | undefined;
  #waiting = new Set<() => void>();

  constructor(socket: Socket, limits: OutboundLimits) {
    this.#socket = socket;
    this.#limits = limits;
  }

  get pending(): number {
    return this.#blocks.length + this.#inFlight;
  }

  /** Bytes that are held for it, shared ones in full. */
  get held(): number {
    const shared = [...this.#shared, ...this.#sharedInFlight].reduce((sum, { size }) => sum + size, 0);
    return this.#counted + this.#countedInFlight + shared;
  }

  /** Whether it is so far behind that publishers had better wait. */
  get congested(): boolean {
    return this.pending > this.#limits.maxPending / 2;
  }

  /** Puts in a line of the protocol. */
  text(line: string): void {
    if (!this.#admit(Buffer.byteLength(line))) return;
    this.#blocks.text(line);
    this.#limits.schedule(this);
  }

  /** Puts in text in which each character is a byte. */
  key(line: string): void {
    if (!this.#admit(line.length)) return;
    this.#blocks.text(line, "latin1");
    this.#limits.schedule(this);
  }

  /** Puts in a message for the subscription of that name, without its header for who does not understand any. */
  message(publication: Publication, sid: Buffer, headers: boolean): void {
    const withHeader = publication.hasHeader && headers;
    const { bytes, start, end } = publication;
    const from = withHeader ? start : start + publication.headerSize;
    const bound = headBound(publication, sid);
    const length = end - from;
    if (length >= byReference) this.#referred += length;
    if (!this.#admit(bound + length)) return;
    if (length >= byReference && !this.#hold(publication)) return;
    const blocks = this.#blocks;
    const block = blocks.room(length < byReference ? bound + length : bound);
    blocks.used = writeHead(block, blocks.used, publication, sid, withHeader);
    blocks.bytes(bytes, from, end);
    this.#limits.schedule(this);
  }

  /** Hands everything over to the socket, unless a flush is under way. */
  flush(): void {
    if (this.#inFlight > 0 || this.#blocks.length === 0 || this.#socket.destroyed) return;
    this.#inFlight = this.#blocks.length;
    this.#countedInFlight = this.#counted;
    this.#counted = 0;
    this.#referred = 0;
    if (this.#shared.length > 0) {
      this.#sharedInFlight = this.#shared;
      this.#shared = [];
    }
    this.#socket.cork();
    for (const block of this.#blocks.take()) this.#socket.write(block, this.#written);
    this.#socket.uncork();
    // Mostly the operating system has taken all of it by now, and its memory can be used again.
    if (this.#socket.writableLength === 0) this.#settle(true);
    else this.#deadline = setTimeout(() => this.#tooSlow(), this.#limits.writeDeadline);
  }

  onceRelieved(callback: () => void): void {
    this.#waiting.add(callback);
  }

  notRelieved(callback: () => void): void {
    this.#waiting.delete(callback);
  }

  /** Takes nothing more in; with `flush`, what is in is still handed to the socket, and counts until `discard()`. */
  stop(flush: boolean): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#deadline);
    if (flush && !this.#socket.destroyed) {
      for (const block of this.#blocks.take()) this.#socket.write(block);
    } else this.discard();
    this.#relieve();
  }

  /** Nothing of what is in can be sent any more. */
  discard(): void {
    this.#blocks.take();
    this.#uncount();
    this.#countedInFlight = this.#counted;
    this.#counted = 0;
    this.#sharedInFlight = this.#shared;
    this.#shared = [];
    this.#uncount();
  }

  readonly #written = (): void => {
    if (this.#stopped || this.#inFlight === 0 || this.#socket.writableLength > 0) return;
    this.#settle(false);
    this.flush();
  };

  #settle(reusable: boolean): void {
    clearTimeout(this.#deadline);
    this.#inFlight = 0;
    this.#uncount();
    this.#blocks.settled(reusable);
    if (this.#waiting.size > 0 && !this.congested) this.#relieve();
  }

  #relieve(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const callback of waiting) callback();
  }

  /** Whether so many bytes more may be put in. */
  #admit(length: number): boolean {
    if (this.#stopped) return false;
    const waiting = this.#blocks.length + length;
    if (waiting + this.#inFlight > this.#limits.maxPending) {
      this.#tooSlow();
      return false;
    }
    return waiting - this.#referred <= this.#counted || this.#count(waiting - this.#referred);
  }

  /** Counts in steps, so that most messages need none. */
  #count(copied: number): boolean {
    const more = copied - this.#counted + countedAhead;
    this.#counted += more;
    this.#limits.holdings.add(more);
    // That could have been too much for all, and this connection could be the one that was closed for it.
    return !this.#stopped;
  }

  #hold(publication: Publication): boolean {
    const shared = publication.share(this.#limits.holdings);
    this.#shared.push(shared);
    shared.hold();
    return !this.#stopped;
  }

  /** What was in flight is not held any more. */
  #uncount(): void {
    this.#limits.holdings.remove(this.#countedInFlight);
    this.#countedInFlight = 0;
    if (this.#sharedInFlight.length === 0) return;
    const released = this.#sharedInFlight;
    this.#sharedInFlight = [];
    for (const shared of released) shared.release();
  }

  #tooSlow(): void {
    if (!this.#stopped) this.#limits.slow();
  }
}
