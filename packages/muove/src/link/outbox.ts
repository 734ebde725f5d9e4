import { queueMicrotask } from "../base/timers.js";

/*
 * OUTBOX-1 Bytes that were handed over are overwritten only when nothing uses them any more. A socket may keep them for
 *   any time.
 * OUTBOX-2 Publications leave in the order of writing, at the end of this turn of the loop at the latest.
 */

/** The size of the buffer that publications share. A full one is replaced. */
const slab = 64 * 1024;
/**
 * This many bytes leave at once instead of at the end of the turn, so that the server works on them while we write the
 * rest. Each further portion of a turn is twice as large, because each costs a system call and may wake another
 * process.
 */
const firstPortion = 8 * 1024;

const lineEnd = 0x0d0a;

/** Batches publications into few buffers and few writes to the socket. */
export class Outbox {
  readonly #send: (bytes: Uint8Array) => boolean;
  #bytes = Buffer.alloc(0);
  #from = 0;
  #to = 0;
  #due = false;
  #portion = firstPortion;

  /** @param send returns whether these bytes, and all that were handed over before, are no longer in use. */
  constructor(send: (bytes: Uint8Array) => boolean) {
    this.#send = send;
  }

  /**
   * @param subject, @param reply not empty and without blanks; the reply may be "".
   * @param headers as on the wire: `NATS/1.0`, the lines, an empty line. "" for none.
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

  /** Hands over everything written so far. */
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

  /** Makes room for `size` bytes and returns its position. */
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

/** The protocol line and the headers. */
function headOf(subject: string, reply: string, headers: string, size: number): string {
  const to = reply === "" ? subject : `${subject} ${reply}`;
  if (headers === "") return `PUB ${to} ${size}\r\n`;
  return `HPUB ${to} ${headers.length} ${headers.length + size}\r\n${headers}`;
}
