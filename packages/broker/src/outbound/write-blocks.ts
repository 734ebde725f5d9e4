/** The first block of a connection is small: most connections say little. */
const smallest = 1024;
const largest = 65_536;

/** Payloads from this size on are sent from where they were read, not copied. */
export const byReference = 16_384;

/**
 * Bytes to be sent, gathered in few blocks, so that thousands of small messages are one write.
 *
 * WRITE-BLOCKS-1 `length` is the number of bytes put in since the last `take()`.
 * WRITE-BLOCKS-2 A block is written to again only when `settled(true)` has said that nobody reads it any more.
 */
export class WriteBlocks {
  #full: Buffer[] = [];
  #fullLength = 0;
  #block: Buffer | undefined;
  #spare: Buffer | undefined;
  #taken: Buffer | undefined;
  #size = smallest;
  /** How far the current block is filled; who writes to the block that `room()` gave moves it on. */
  used = 0;

  get length(): number {
    return this.#fullLength + this.used;
  }

  /** The current block, with room for `bytes` more from `used` on. */
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

  /** Everything put in, as blocks, in order. */
  take(): Buffer[] {
    this.#taken = this.#full.length === 0 ? this.#block : undefined;
    this.#finishBlock();
    const blocks = this.#full;
    this.#full = [];
    this.#fullLength = 0;
    return blocks;
  }

  /** What was taken has been sent; `reusable` if it was copied by then, so that its memory is free. */
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
    // A second block before the first was sent: this connection has much to say, and gets larger ones.
    if (this.#full.length > 0 && this.#size < largest) this.#size *= 2;
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && spare.length >= bytes) return spare;
    return Buffer.allocUnsafeSlow(Math.max(bytes, this.#size));
  }
}
