// A TCP connection to a NATS server that sends raw bytes and keeps everything received.

import { connect, type Socket } from "node:net";
import { type Frame, FrameReader } from "./frames.js";

interface Fence {
  readonly after?: string;
  readonly pongs?: number;
  readonly within?: number;
}

/**
 * RAW-CLIENT-1 `frames` holds everything received, in order; a frame is in it as soon as its last byte has come.
 */
export class RawClient {
  readonly frames: Frame[] = [];
  /** The server has ended the connection. */
  closed = false;
  readonly #socket: Socket;
  readonly #reader = new FrameReader((frame) => this.frames.push(frame));
  readonly #watchers = new Set<() => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      this.#reader.feed(chunk);
      this.#look();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
      this.#look();
    });
  }

  /** Connects, and waits for the INFO. */
  static async open(port: number): Promise<RawClient> {
    const client = new RawClient(connect({ port, host: "127.0.0.1" }));
    await client.until(() => client.frames.length > 0 || client.closed);
    return client;
  }

  send(bytes: string | Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  }

  /** Sends FIN. What the server still sends is received. */
  end(): void {
    this.#socket.end();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Bytes that the operating system has not taken yet. */
  get unsent(): number {
    return this.#socket.writableLength;
  }

  /** Resolves to whether the condition holds within this many ms. Checks whenever something is received. */
  async until(condition: () => boolean, within = 10_000): Promise<boolean> {
    if (condition()) return true;
    return await new Promise((resolve) => {
      const done = (result: boolean): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(result);
      };
      const look = (): void => {
        if (condition()) done(true);
      };
      const timer = setTimeout(() => done(condition()), within);
      this.#watchers.add(look);
    });
  }

  count(verb: string): number {
    return this.frames.filter((frame) => frame.verb === verb).length;
  }

  /**
   * Sends a PING and waits for its PONG, when the server has handled everything sent before. False if neither the PONG
   * nor the end of the connection comes in time.
   *
   * @param fence.after is sent before the PING, in the same write; `pongs` is how many PONGs it gets by itself.
   */
  async fence({ after = "", pongs = 0, within = 10_000 }: Fence = {}): Promise<boolean> {
    const expected = this.count("PONG") + pongs + 1;
    this.send(`${after}PING\r\n`);
    return await this.until(() => this.closed || this.count("PONG") >= expected, within);
  }

  /** Ends the connection and waits until the server has, too. */
  async close(): Promise<void> {
    this.#socket.end();
    await this.until(() => this.closed, 2_000);
    this.#socket.destroy();
  }

  #look(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
