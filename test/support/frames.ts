// Cuts what a NATS server sends into frames.

/** One protocol message of a server. Text has one character for each byte. */
export interface Frame {
  readonly verb: string;
  /** The line without its end. */
  readonly line: string;
  /** For MSG and HMSG: header and payload, with the final CRLF. */
  readonly body?: string;
}

/** Calls back with each frame as soon as its last byte has come. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  feed(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let taken = 0;
    for (let length = this.#next(taken); length > 0; length = this.#next(taken)) taken += length;
    this.#rest = this.#rest.subarray(taken);
  }

  /** Takes the frame that starts there, if it is complete. Returns its length, or 0. */
  #next(at: number): number {
    const newline = this.#rest.indexOf("\n", at);
    if (newline < 0) return 0;
    const line = this.#rest.toString("latin1", at, newline).replace(/\r$/, "");
    const [verb = ""] = line.split(" ");
    if (verb !== "MSG" && verb !== "HMSG") {
      this.#onFrame({ verb, line });
      return newline + 1 - at;
    }
    const end = newline + 1 + Number(line.slice(line.lastIndexOf(" "))) + 2;
    if (end > this.#rest.length) return 0;
    this.#onFrame({ verb, line, body: this.#rest.toString("latin1", newline + 1, end) });
    return end - at;
  }
}
