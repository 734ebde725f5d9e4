/*
 * OUTBOX-1 What was handed over is written to again only when nobody holds it any more: a socket may do so for as long
 *   as it likes.
 * OUTBOX-2 It leaves in the order in which it was written, and with the end of this turn of the loop at the latest.
 */

/** What many publications share: bytes to write to, new ones when these are full. */
const slab = 64 * 1024;
/**
 * So much leaves at once instead of with the end of the turn: the server is at work on it while we are at the rest.
 * Each further portion of a turn is twice as large, since every one takes a call into the system, and here and there
 * wakes somebody.
 */
const firstPortion = 8 * 1024;

const lineEnd = 0x0d0a;

/** Writes publications one after the other into as few bytes and as few writes to the socket as can be. */
export class Outbox {
  readonly #send: (bytes: Uint8Array) => boolean;
  #bytes = Buffer.alloc(0);
  #from = 0;
  #to = 0;
  #due = false;
  #portion = firstPortion;

  /** @param send returns whether nobody holds the bytes any more, nor any that were handed over before. */
  constructor(send: (bytes: Uint8Array) => boolean) {
    this.#send = send;
  }

  /**
   * @param subject, @param reply not empty, and without blanks, if it is there at all.
   * @param headers in their wire form: `NATS/1.0`, the lines, an empty line. Empty for none.
   */
  write(subject: string, reply: string, headers: string, payload: Uint8Array): void {
    const head = headOf(subject, reply, headers, payload.length);
    const to = this.#reserve(head.length + payload.length + 2);
    this.#bytes.write(head, to, "latin1");
    this.#bytes.set(payload, to + head.length);
    this.#bytes.writeUInt16BE(lineEnd, to + head.length + payload.length);
    if (this.#to - this.#from >= this.#portion) {
      this.flush();
      this.#portion *= 2;
    }
    if (!this.#due) {
      this.#due = true;
      queueMicrotask(this.#onTurnsEnd);
    }
  }

  /** Hands over what was written so far. */
  flush(): void {
    if (this.#from === this.#to) return;
    const bytes = this.#bytes.subarray(this.#from, this.#to);
    this.#from = this.#to;
    if (!this.#send(bytes)) return;
    if (this.#bytes.length > slab) this.#bytes = Buffer.alloc(0);
    this.#from = 0;
    this.#to = 0;
  }

  readonly #onTurnsEnd = (): void => {
    this.#due = false;
    this.#portion = firstPortion;
    this.flush();
  };

  /** Makes room for so many bytes; returns where it is. */
  #reserve(size: number): number {
    if (this.#to + size > this.#bytes.length) this.flush();
    if (this.#to + size > this.#bytes.length) {
      this.#bytes = Buffer.allocUnsafeSlow(Math.max(slab, size));
      this.#from = 0;
      this.#to = 0;
    }
    const to = this.#to;
    this.#to += size;
    return to;
  }
}

/** All that goes before the payload. */
function headOf(subject: string, reply: string, headers: string, size: number): string {
  const to = reply === "" ? subject : `${subject} ${reply}`;
  if (headers === "") return `PUB ${to} ${size}\r\n`;
  return `HPUB ${to} ${headers.length} ${headers.length + size}\r\n${headers}`;
}
