import { cr, lf, nine, space, tab, zero } from "./bytes.js";

/** nats-server reads no longer number, leading zeros included. */
const longestSize = 9;

/** Further arguments are counted but not kept, because no operation takes more. */
const maxTokens = 5;

/**
 * The arguments of a control line, as positions in the received bytes: nothing is copied. One object is reused for all
 * lines, so copy anything that must outlive the line.
 */
export class Tokens {
  bytes: Buffer = Buffer.alloc(0);
  count = 0;
  readonly starts: number[] = new Array<number>(maxTokens).fill(0);
  readonly ends: number[] = new Array<number>(maxTokens).fill(0);

  /**
   * Splits at spaces and tabs.
   *
   * @param lineEndsToo whether CR and LF separate too. As in nats-server, they do in SUB and UNSUB, but in PUB and HPUB
   * they are part of the argument.
   */
  split(bytes: Buffer, start: number, end: number, lineEndsToo: boolean): void {
    this.bytes = bytes;
    let count = 0;
    let from = -1;
    for (let i = start; i <= end; i++) {
      const byte = i === end ? space : bytes[i];
      const separates = byte === space || byte === tab || (lineEndsToo && (byte === cr || byte === lf));
      if (!separates) {
        if (from < 0) from = i;
      } else if (from >= 0) {
        if (count < maxTokens) {
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

  /** An argument as a key, with one character per byte, so that different bytes always make different keys. */
  key(index: number): string {
    return this.bytes.toString("latin1", this.start(index), this.end(index));
  }

  /** An argument as a size, or -1 if it is invalid. */
  size(index: number): number {
    const start = this.start(index);
    const end = this.end(index);
    if (end - start > longestSize) return -1;
    let size = 0;
    for (let i = start; i < end; i++) {
      const byte = this.bytes[i] as number;
      if (byte < zero || byte > nine) return -1;
      size = size * 10 + (byte - zero);
    }
    return size;
  }
}
