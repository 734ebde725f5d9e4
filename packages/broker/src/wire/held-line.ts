import { cr } from "./bytes.js";

/** Room for most lines. */
const smallest = 128;

/**
 * The part of a control line that came before the chunk which ends it.
 *
 * HELD-LINE-1 The first part is kept as it came, less a CR at its end (and, like nats-server, less one byte for a CR
 *   anywhere in it).
 * HELD-LINE-2 Of every later part the CRs are left out.
 * HELD-LINE-3 It is a copy, so that a few bytes do not keep a whole chunk, and each byte is copied a bounded number of
 *   times, however many parts there are.
 */
export class HeldLine {
  #room: Buffer | undefined;
  #length = 0;

  get active(): boolean {
    return this.#room !== undefined;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds `chunk[start, end)`; `drop` is 1 if there is a CR in it. */
  append(chunk: Buffer, start: number, end: number, drop: number): void {
    if (this.#room === undefined) this.#add(chunk.subarray(start, end - drop));
    else this.#add(drop === 0 ? chunk.subarray(start, end) : chunk.subarray(start, end).filter((byte) => byte !== cr));
  }

  /** The whole line; afterwards nothing is held. */
  take(): Buffer {
    const bytes = this.#room?.subarray(0, this.#length) ?? Buffer.alloc(0);
    this.#room = undefined;
    this.#length = 0;
    return bytes;
  }

  #add(part: Uint8Array): void {
    const length = this.#length + part.length;
    let room = this.#room;
    if (room === undefined || length > room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(smallest, 2 * length));
      if (room !== undefined) room.copy(larger, 0, 0, this.#length);
      room = larger;
    }
    room.set(part, this.#length);
    this.#room = room;
    this.#length = length;
  }
}
