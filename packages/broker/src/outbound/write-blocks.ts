/** The first block of a connection is small, because most connections send little. */
const smallest = 1024;
const largest = 65_536;

/** Payloads of at least this size are sent by reference instead of copied. */
export const byReference = 16_384;

/**
 * Collects bytes in few blocks, so that thousands of small messages become one write.
 *
 * WRITE-BLOCKS-1 `length` is the number of bytes added since the last `take()`.
 * WRITE-BLOCKS-2 A block is overwritten only after `settled(true)`, when nothing reads it any more.
 */
export class WriteBlocks {
  #full: Buffer[] = [];
  #fullLength = 0;
  #block: Buffer | undefined;
  #spare: Buffer | undefined;
  #taken: Buffer | undefined;
  #size = smallest;
  /** The fill level of the current block. A caller that writes to the block from `room()` advances it. */
  used = 0;

  get length(): number {
    return this.#fullLength + this.used;
  }

  /** The current block, with room for `bytes` more at `used`. */
  room(bytes: number): Buffer {
    if (this.#block !== undefined && this.used + bytes <= this.#block.length) return this.#block;
    this.#finishBlock();
    this.#block = this.#blockFor(bytes);
    return this.#block;
  }

  text(line: string, encoding: "utf8" | "latin1" = "utf8"): void {
    const block = this.room(line.length * 3);
    this.used += block.write(line, this.used, encoding);
  }

  bytes(source: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length >= byReference) {
      this.#finishBlock();
      this.#push(source.subarray(start, end));
      return;
    }
    const block = this.room(length);
    source.copy(block, this.used, start, end);
    this.used += length;
  }

  /** All added bytes as blocks, in order. */
  take(): Buffer[] {
    this.#taken = this.#full.length === 0 ? this.#block : undefined;
    this.#finishBlock();
    const blocks = this.#full;
    this.#full = [];
    this.#fullLength = 0;
    return blocks;
  }

  /** The taken blocks were sent. `reusable` means that their memory is free again. */
  settled(reusable: boolean): void {
    if (reusable && this.#taken !== undefined && this.#taken.length === this.#size) this.#spare = this.#taken;
    this.#taken = undefined;
  }

  #finishBlock(): void {
    if (this.#block !== undefined && this.used > 0) this.#push(this.#block.subarray(0, this.used));
    this.#block = undefined;
    this.used = 0;
  }

  #push(block: Buffer): void {
    this.#full.push(block);
    this.#fullLength += block.length;
  }

  #blockFor(bytes: number): Buffer {
    // A second block before the first was sent: this connection sends a lot and gets larger blocks.
    if (this.#full.length > 0 && this.#size < largest) this.#size *= 2;
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && spare.length >= bytes) return spare;
    return Buffer.allocUnsafeSlow(Math.max(bytes, this.#size));
  }
}
