import { CR } from "./bytes.js";

/**
 * The part of a control line that came before the chunk which ends it.
 *
 * H1. The first part is kept as it came, less a CR at its end (and, like nats-server, less one byte for a CR anywhere in it).
 * H2. Of every later part the CRs are left out.
 */
export class HeldLine {
  #bytes: Buffer | undefined;

  get active(): boolean {
    return this.#bytes !== undefined;
  }

  get length(): number {
    return this.#bytes?.length ?? 0;
  }

  /** Adds `chunk[start, end)`; `drop` is 1 if there is a CR in it. */
  append(chunk: Buffer, start: number, end: number, drop: number): void {
    const part = chunk.subarray(start, end);
    if (this.#bytes === undefined) this.#bytes = part.subarray(0, part.length - drop);
    else this.#bytes = Buffer.concat([this.#bytes, drop === 0 ? part : part.filter((byte) => byte !== CR)]);
  }

  /** The whole line; afterwards nothing is held. */
  take(): Buffer {
    const bytes = this.#bytes ?? Buffer.alloc(0);
    this.#bytes = undefined;
    return bytes;
  }
}
