import type { Socket } from "node:net";

/** What a proxy does at this moment to what goes one way. */
export interface Weather {
  /** How long everything is held back, in ms. */
  readonly latency: number;
  /** Whether everything is swallowed: bytes, and the end of the connection. */
  readonly swallows: boolean;
}

/** The most bytes that are held back on one way; with more, the sender is no longer read. */
const mostHeld = 4 * 1_024 * 1_024;

/**
 * One direction of a connection.
 *
 * WAY-1 What comes out is what went in, in order, or a beginning of it: a way that has swallowed a byte stays silent.
 * WAY-2 The sender's end comes out after its last byte, as what it was: an end, or a reset. Where bytes were swallowed
 *   it comes out as a reset, and not before the swallowing is over.
 * WAY-3 Memory is bounded: the sender is read only as fast as bytes are passed on.
 */
export class Way {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #weather: () => Weather;
  readonly #queue: { readonly chunk: Uint8Array; readonly due: number }[] = [];
  #held = 0;
  #timer: NodeJS.Timeout | undefined;
  #silent = false;
  #sender: "open" | "ended" | "reset" = "open";

  constructor(from: Socket, to: Socket, weather: () => Weather) {
    this.#from = from;
    this.#to = to;
    this.#weather = weather;
    from.on("data", (chunk) => this.take(chunk));
    from.on("end", () => this.#senderIs("ended"));
    from.on("close", () => this.#sender === "open" && this.#senderIs("reset"));
    to.on("drain", () => this.#breathe());
    to.on("close", () => clearTimeout(this.#timer));
  }

  /** Takes bytes, as if the sender had sent them. */
  take(chunk: Uint8Array): void {
    this.#queue.push({ chunk, due: performance.now() + this.#weather().latency });
    this.#held += chunk.length;
    this.look();
  }

  /** Does what is due. To be called when the weather has changed, too. */
  look(): void {
    clearTimeout(this.#timer);
    const { latency, swallows } = this.#weather();
    if (swallows || this.#silent) this.#swallow();
    else this.#pass(latency === 0 ? Number.POSITIVE_INFINITY : performance.now());
    this.#breathe();
    const [next] = this.#queue;
    if (next !== undefined) this.#timer = setTimeout(() => this.look(), Math.max(1, next.due - performance.now()));
    else if (!swallows) this.#passEnd();
  }

  #senderIs(state: "ended" | "reset"): void {
    this.#sender = state;
    this.look();
  }

  #swallow(): void {
    if (this.#queue.length > 0) this.#silent = true;
    this.#queue.length = 0;
    this.#held = 0;
  }

  /** Passes on what was due by then. */
  #pass(until: number): void {
    for (let first = this.#queue[0]; first && first.due <= until; first = this.#queue[0]) {
      this.#queue.shift();
      this.#held -= first.chunk.length;
      if (this.#to.writable) this.#to.write(first.chunk);
    }
  }

  #passEnd(): void {
    if (this.#sender === "open") return;
    if (this.#sender === "reset" || this.#silent) this.#to.resetAndDestroy();
    else if (this.#to.writable) this.#to.end();
  }

  #breathe(): void {
    if (this.#held > mostHeld || this.#to.writableNeedDrain) this.#from.pause();
    else this.#from.resume();
  }
}
