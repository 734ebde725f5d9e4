import type { Socket } from "node:net";
import type { Congestion } from "../bounds/congestion.js";
import type { Holdings } from "../bounds/holdings.js";
import type { SharedPayload } from "../bounds/shared-payload.js";
import { clearTimeout, setTimeout } from "../timers.js";
import { headBound, writeHead } from "../wire/message-head.js";
import type { Publication } from "../wire/publication.js";
import { byReference, WriteBlocks } from "./write-blocks.js";

/** Bytes that are counted ahead, because a block uses memory before it is full. */
const countedAhead = 16_384;

/** The bounds of a connection's outbound data, and the callback for exceeding them. */
export interface OutboundLimits {
  /** Most bytes that may wait to be sent. */
  readonly maxPending: number;
  /** Longest time, in ms, that one flush may take. */
  readonly writeDeadline: number;
  /** Counts the bytes held for all connections. */
  readonly holdings: Holdings;
  /** Schedules `flush()` for the end of this turn of the event loop. */
  schedule(outbound: Outbound): void;
  /** Called once if the connection cannot keep up. */
  slow(): void;
}

/**
 * The data that waits to be sent on one connection.
 *
 * OUTBOUND-1 Bytes leave in the order in which they were added.
 * OUTBOUND-2 At most one flush is in progress. Data added meanwhile leaves with the next one.
 * OUTBOUND-3 `pending` counts every byte that was added and not yet taken by the operating system. It is at most
 *   `maxPending`.
 * OUTBOUND-4 After `stop()` it accepts nothing more and has no timer.
 * OUTBOUND-5 Added data counts in the holdings, slightly ahead of time, until the operating system has taken it or
 *   `discard()` is called.
 */
export class Outbound implements Congestion {
  readonly #socket: Socket;
  readonly #limits: OutboundLimits;
  readonly #blocks = new WriteBlocks();
  #inFlight = 0;
  /** The bytes since the last flush that are sent by reference. The rest was copied. */
  #referred = 0;
  /** What the holdings count for copies and for references, since the last flush and in it. */
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

  /** Bytes held for it, including all shared ones. */
  get held(): number {
    const shared = [...this.#shared, ...this.#sharedInFlight].reduce((sum, { size }) => sum + size, 0);
    return this.#counted + this.#countedInFlight + shared;
  }

  /** Whether it is so far behind that publishers should slow down. */
  get congested(): boolean {
    return this.pending > this.#limits.maxPending / 2;
  }

  /** Adds a protocol line. */
  text(line: string): void {
    if (!this.#admit(Buffer.byteLength(line))) return;
    this.#blocks.text(line);
    this.#limits.schedule(this);
  }

  /** Adds a string with one byte per character. */
  key(line: string): void {
    if (!this.#admit(line.length)) return;
    this.#blocks.text(line, "latin1");
    this.#limits.schedule(this);
  }

  /** Adds a message for the subscription with that sid, without its header if the client does not support headers. */
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

  /** Hands everything over to the socket, unless a flush is in progress. */
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
    // Usually the operating system has taken everything by now, and the memory can be reused.
    if (this.#socket.writableLength === 0) this.#settle(true);
    else this.#deadline = setTimeout(() => this.#tooSlow(), this.#limits.writeDeadline);
  }

  onceRelieved(callback: () => void): void {
    this.#waiting.add(callback);
  }

  notRelieved(callback: () => void): void {
    this.#waiting.delete(callback);
  }

  /** Stops accepting data. With `flush`, queued data is still handed to the socket, and counts until `discard()`. */
  stop(flush: boolean): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#deadline);
    if (flush && !this.#socket.destroyed) {
      for (const block of this.#blocks.take()) this.#socket.write(block);
    } else this.discard();
    this.#relieve();
  }

  /** Drops all queued data, which can no longer be sent. */
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

  /** Whether that many more bytes may be added. */
  #admit(length: number): boolean {
    if (this.#stopped) return false;
    const waiting = this.#blocks.length + length;
    if (waiting + this.#inFlight > this.#limits.maxPending) {
      this.#tooSlow();
      return false;
    }
    return waiting - this.#referred <= this.#counted || this.#count(waiting - this.#referred);
  }

  /** Counts in steps, so that most messages do not need a call. */
  #count(copied: number): boolean {
    const more = copied - this.#counted + countedAhead;
    this.#counted += more;
    this.#limits.holdings.add(more);
    // The call may have exceeded the maximum, and closed this connection.
    return !this.#stopped;
  }

  #hold(publication: Publication): boolean {
    const shared = publication.share(this.#limits.holdings);
    this.#shared.push(shared);
    shared.hold();
    return !this.#stopped;
  }

  /** The flushed data is no longer held. */
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
