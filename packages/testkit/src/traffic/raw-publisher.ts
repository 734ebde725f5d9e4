import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { TestkitError } from "../errors.js";
import { parseNatsUrl } from "../nats-url.js";

/** How long a server may take to answer, in ms. */
const answerTimeout = 10_000;

/** A connection that can publish any bytes as headers, which the official client refuses. */
export class RawPublisher {
  readonly #socket: Socket;
  #heard = "";
  #onHeard: () => void = () => {};

  /** @throws TestkitError MUOVE_TESTKIT_NOT_RUNNING if the server is not reachable or refuses the connection. */
  static async open(url: string): Promise<RawPublisher> {
    const { host, port, credentials } = parseNatsUrl(url);
    const publisher = new RawPublisher(connect({ host, port }));
    const options = { verbose: false, pedantic: false, headers: true, no_responders: false, lang: "raw", version: "0" };
    publisher.#socket.write(`CONNECT ${JSON.stringify({ ...options, ...credentials })}\r\n`);
    await publisher.flush();
    return publisher;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("error", (error) => this.#hear(`-ERR '${error.message}'\r\n`));
    socket.on("close", () => this.#hear("-ERR 'the connection has ended'\r\n"));
    socket.on("data", (text: string) => this.#hear(text));
  }

  /** Resolves when more can be published. */
  async publish(subject: string, payload: Uint8Array, headers?: Uint8Array, reply = ""): Promise<void> {
    const to = reply === "" ? subject : `${subject} ${reply}`;
    const size = payload.length + (headers?.length ?? 0);
    const line = headers ? `HPUB ${to} ${headers.length} ${size}\r\n` : `PUB ${to} ${size}\r\n`;
    this.#socket.write(Buffer.concat([Buffer.from(line), headers ?? Buffer.alloc(0), payload, Buffer.from("\r\n")]));
    if (this.#socket.writableNeedDrain) await Promise.race([once(this.#socket, "drain"), once(this.#socket, "close")]);
  }

  /** Resolves when the server has accepted everything. Rejects if it reported an error. */
  async flush(): Promise<void> {
    this.#heard = "";
    this.#socket.write("PING\r\n");
    const timer = setTimeout(() => this.#hear("-ERR 'no answer'\r\n"), answerTimeout);
    const complaint = await new Promise<string | undefined>((resolve) => {
      this.#onHeard = () => {
        const error = /^-ERR '(.*)'/m.exec(this.#heard)?.[1];
        if (error !== undefined) resolve(error);
        if (/^PONG\r\n/m.test(this.#heard)) resolve(undefined);
      };
      this.#onHeard();
    });
    clearTimeout(timer);
    if (complaint === undefined) return;
    this.close();
    throw new TestkitError("MUOVE_TESTKIT_NOT_RUNNING", `NATS refused the messages: ${complaint}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #hear(text: string): void {
    if (/^PING\r\n/m.test(text)) this.#socket.write("PONG\r\n");
    this.#heard = (this.#heard + text).slice(-4_096);
    this.#onHeard();
  }
}
