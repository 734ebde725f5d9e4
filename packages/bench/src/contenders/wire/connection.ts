import { once } from "node:events";
import { connect, type Socket } from "node:net";

/**
 * A message in the received bytes: its line from `start` to `line`, its payload from `payload` to `end`, both without
 * CR LF.
 */
export interface Frame {
  readonly data: Buffer;
  readonly start: number;
  readonly line: number;
  readonly payload: number;
  readonly end: number;
}

const [M, P, CR, space, zero] = [0x4d, 0x50, 0x0d, 0x20, 0x30];

/**
 * A minimal NATS connection: it reads MSG, answers PING, and writes once per turn. No headers, no reconnection, no
 * limits.
 */
export class WireConnection {
  readonly #socket: Socket;
  readonly #onFrame: (frame: Frame) => void;
  #rest: Buffer | undefined;
  #out = "";
  #pong: (() => void) | undefined;

  static async open(url: string, onFrame: (frame: Frame) => void): Promise<WireConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).setNoDelay(true);
    await once(socket, "data"); // INFO
    return new WireConnection(socket, onFrame);
  }

  private constructor(socket: Socket, onFrame: (frame: Frame) => void) {
    this.#socket = socket;
    this.#onFrame = onFrame;
    socket.on("data", (chunk) => this.#read(chunk));
    this.write('CONNECT {"verbose":false,"lang":"wire","version":"0"}\r\n');
  }

  /** Writes at the end of this turn of the event loop, in one batch. */
  write(text: string): void {
    if (this.#out === "") setImmediate(() => this.#flush());
    this.#out += text;
  }

  /** Resolves when the server has accepted everything written. */
  async taken(): Promise<void> {
    this.write("PING\r\n");
    await new Promise<void>((resolve) => {
      this.#pong = resolve;
    });
  }

  #flush(): void {
    const out = this.#out;
    this.#out = "";
    this.#socket.write(out, "latin1");
  }

  #read(chunk: Buffer): void {
    const data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    while (start < data.length) {
      const next = this.#one(data, start);
      if (next === undefined) break;
      start = next;
    }
    this.#rest = start < data.length ? data.subarray(start) : undefined;
  }

  /** Reads the operation there and returns where the next one starts, or undefined if it is incomplete. */
  #one(data: Buffer, start: number): number | undefined {
    const line = data.indexOf(CR, start);
    if (line < 0 || line + 1 >= data.length) return undefined;
    const payload = line + 2;
    if (data[start] !== M) {
      this.#control(data, start, line);
      return payload;
    }
    const end = payload + sizeBefore(data, line);
    if (end + 2 > data.length) return undefined;
    this.#onFrame({ data, start, line, payload, end });
    return end + 2;
  }

  #control(data: Buffer, start: number, line: number): void {
    if (data[start] !== P) throw new Error(`the server said ${data.toString("latin1", start, line)}`);
    if (data[start + 1] === 0x49) this.write("PONG\r\n");
    else this.#pong?.();
  }
}

/** Parses the number that ends there. */
function sizeBefore(data: Buffer, line: number): number {
  let size = 0;
  let place = 1;
  for (let at = line - 1; data[at] !== space; at--) {
    size += ((data[at] ?? zero) - zero) * place;
    place *= 10;
  }
  return size;
}
