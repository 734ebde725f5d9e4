import { CR, LF, NINE, SPACE, TAB, ZERO } from "./bytes.js";

/** nats-server reads no number longer than this, however many zeros it starts with. */
const LONGEST_SIZE = 9;

/** Arguments past this many are counted but not kept: no operation takes so many. */
const MOST_TOKENS = 5;

/**
 * The arguments of a control line, as positions in the bytes that they came in: nothing is copied. One object is reused
 * for line after line, so what must outlive the line is copied out of it.
 */
export class Tokens {
  bytes: Buffer = Buffer.alloc(0);
  count = 0;
  readonly starts: number[] = new Array<number>(MOST_TOKENS).fill(0);
  readonly ends: number[] = new Array<number>(MOST_TOKENS).fill(0);

  /**
   * Splits at spaces and tabs.
   *
   * @param lineEndsToo whether CR and LF separate as well: they do in SUB and UNSUB, but in PUB and HPUB a stray one is part
   * of the argument, as nats-server has it.
   */
  split(bytes: Buffer, start: number, end: number, lineEndsToo: boolean): void {
    this.bytes = bytes;
    let count = 0;
    let from = -1;
    for (let i = start; i <= end; i++) {
      const byte = i === end ? SPACE : bytes[i];
      const separates = byte === SPACE || byte === TAB || (lineEndsToo && (byte === CR || byte === LF));
      if (!separates) {
        if (from < 0) from = i;
      } else if (from >= 0) {
        if (count < MOST_TOKENS) {
          this.starts[count] = from;
          this.ends[count] = i;
        }
        count++;
        from = -1;
      }
    }
    this.count = count;
  }

  start(index: number): number {
    return this.starts[index] as number;
  }

  end(index: number): number {
    return this.ends[index] as number;
  }

  /** An argument as a key: one character for each byte, so that any bytes at all make a key, and different ones different keys. */
  key(index: number): string {
    return this.bytes.toString("latin1", this.start(index), this.end(index));
  }

  /** An argument read as a size, or -1 if it is none. */
  size(index: number): number {
    const start = this.start(index);
    const end = this.end(index);
    if (end - start > LONGEST_SIZE) return -1;
    let size = 0;
    for (let i = start; i < end; i++) {
      const byte = this.bytes[i] as number;
      if (byte < ZERO || byte > NINE) return -1;
      size = size * 10 + (byte - ZERO);
    }
    return size;
  }
}
