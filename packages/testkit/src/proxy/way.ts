import type { Socket } from "node:net";

/** The current faults of one direction. */
export interface Weather {
  /** The delay in ms. */
  readonly latency: number;
  /** Whether bytes and the end of the connection are swallowed. */
  readonly swallows: boolean;
  /** Whether nothing is read, and nothing passes. It comes before the other two. */
  readonly stalls: boolean;
}

/** The most bytes that are held in one direction. Beyond that, the sender is not read. */
const maxHeld = 4 * 1_024 * 1_024;

/**
 * One direction of a connection.
 *
 * WAY-1 The output is the input, in order, or a prefix of it: once a byte was swallowed, nothing more passes.
 * WAY-2 The sender's end passes after its last byte, unchanged: as an end or a reset. If bytes were swallowed, it
 *   passes as a reset, and only when swallowing is over.
 * WAY-3 Memory is bounded: the sender is read only as fast as bytes pass.
 * WAY-4 A stall loses nothing: bytes wait at the sender, or here, and pass when the stall is over.
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
    this.#breathe();
  }

  /** Adds bytes as if the sender had sent them. */
  take(chunk: Uint8Array): void {
    this.#queue.push({ chunk, due: performance.now() + this.#weather().latency });
    this.#held += chunk.length;
    this.look();
  }

  /** Passes what is due. Call it also when the faults change. */
  look(): void {
    clearTimeout(this.#timer);
    const { latency, swallows, stalls } = this.#weather();
    if (stalls) return this.#breathe();
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

  /** Passes what was due by that time. */
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
    if (this.#weather().stalls || this.#held > maxHeld || this.#to.writableNeedDrain) this.#from.pause();
    else this.#from.resume();
  }
}
