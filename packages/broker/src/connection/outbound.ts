import type { Socket } from "node:net";
import type { Subscription } from "../routing/subscription.js";
import { headBound, writeHead } from "../wire/message-head.js";
import type { Publication } from "../wire/publication.js";
import { WriteBlocks } from "./write-blocks.js";

/** The bounds that a connection has to keep up with, and who is told when it does not. */
export interface OutboundLimits {
  /** Most bytes that may wait to be sent. */
  readonly maxPending: number;
  /** Longest time, in ms, that one flush may take. */
  readonly writeDeadline: number;
  /** Asks for `flush()` to be called at the end of this turn of the event loop. */
  schedule(outbound: Outbound): void;
  /** The connection could not keep up; called once. */
  slow(): void;
}

/**
 * What waits to be sent on one connection.
 *
 * O1. Bytes go out in the order in which they were put in.
 * O2. At most one flush is under way; what is put in meanwhile goes out with the next.
 * O3. `pending` counts every byte put in and not yet taken by the operating system, and is at most `maxPending`.
 * O4. Once `stop()` was called nothing more is taken in, and no timer of this object is left.
 */
export class Outbound {
  readonly #socket: Socket;
  readonly #limits: OutboundLimits;
  readonly #blocks = new WriteBlocks();
  #inFlight = 0;
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

  /** Puts in a message for a subscription; its payload, CRLF included, is `bytes[start, end)` less a header that is cut off. */
  message(
    publication: Publication,
    subscription: Subscription,
    headers: boolean,
    bytes: Buffer,
    start: number,
    end: number,
  ): void {
    const withHeader = publication.hasHeader && headers;
    const from = withHeader ? start : start + publication.headerSize;
    const bound = headBound(publication, subscription);
    if (!this.#admit(bound + end - from)) return;
    const block = this.#blocks.room(bound);
    this.#blocks.used = writeHead(block, this.#blocks.used, publication, subscription, withHeader);
    this.#blocks.bytes(bytes, from, end);
    this.#limits.schedule(this);
  }

  /** Hands everything over to the socket, unless a flush is under way. */
  flush(): void {
    if (this.#inFlight > 0 || this.#blocks.length === 0 || this.#socket.destroyed) return;
    this.#inFlight = this.#blocks.length;
    this.#socket.cork();
    for (const block of this.#blocks.take()) this.#socket.write(block, this.#written);
    this.#socket.uncork();
    // Mostly the operating system has taken all of it by now, and its memory can be used again.
    if (this.#socket.writableLength === 0) this.#settle(true);
    else this.#deadline = setTimeout(() => this.#tooSlow(), this.#limits.writeDeadline);
  }

  /** Calls back once, when it is no longer congested or was stopped; until `notRelieved()` takes that back. */
  onceRelieved(callback: () => void): void {
    this.#waiting.add(callback);
  }

  notRelieved(callback: () => void): void {
    this.#waiting.delete(callback);
  }

  /** Takes nothing more in; with `flush`, what is in is still handed to the socket. */
  stop(flush: boolean): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#deadline);
    if (flush && !this.#socket.destroyed) {
      for (const block of this.#blocks.take()) this.#socket.write(block);
    }
    this.#relieve();
  }

  readonly #written = (): void => {
    if (this.#stopped || this.#inFlight === 0 || this.#socket.writableLength > 0) return;
    this.#settle(false);
    this.flush();
  };

  #settle(reusable: boolean): void {
    clearTimeout(this.#deadline);
    this.#inFlight = 0;
    this.#blocks.settled(reusable);
    if (this.#waiting.size > 0 && !this.congested) this.#relieve();
  }

  #relieve(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const callback of waiting) callback();
  }

  #admit(length: number): boolean {
    if (this.#stopped) return false;
    if (this.pending + length <= this.#limits.maxPending) return true;
    this.#tooSlow();
    return false;
  }

  #tooSlow(): void {
    if (!this.#stopped) this.#limits.slow();
  }
}
