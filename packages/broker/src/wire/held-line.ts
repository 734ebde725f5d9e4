import { cr } from "./bytes.js";

/** Large enough for most lines. */
const smallest = 128;

/**
 * The start of a control line that continues in a later chunk.
 *
 * HELD-LINE-1 The first part is kept without a CR at its end (and, as in nats-server, without one byte for a CR
 *   anywhere in it).
 * HELD-LINE-2 Later parts are kept without their CRs.
 * HELD-LINE-3 It is a copy, so that a few bytes do not retain a whole chunk. Each byte is copied a bounded number of
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

  /** Returns the whole line and holds nothing afterwards. */
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
