import { RawClient } from "../../support/raw-client.js";

/** A message as it came over the wire, with one character for each byte. */
export interface Heard {
  readonly subject: string;
  readonly reply: string;
  readonly headers: string;
  readonly payload: string;
}

export interface Said {
  readonly reply?: string;
  /** The lines of the header block, such as `["Muove-Timeout: 1000"]`, or the whole block as it goes over the wire. */
  readonly headers?: readonly string[] | string;
  readonly payload?: string | Uint8Array;
}

/** How many messages are sent before each flush. */
const batch = 500;

/** A raw connection of a user: an attacker, or a witness. */
export class Peer {
  readonly #client: RawClient;
  #subscriptions = 0;

  /**
   * @param user with a password; without a user when left out.
   * @param echo whether it gets its own messages.
   */
  static async open(port: number, user?: { readonly user: string; readonly pass: string }, echo = true): Promise<Peer> {
    const client = await RawClient.open(port);
    const options = {
      verbose: false,
      pedantic: false,
      headers: true,
      no_responders: true,
      lang: "raw",
      version: "0",
      echo,
    };
    client.send(`CONNECT ${JSON.stringify({ ...options, ...user })}\r\n`);
    const peer = new Peer(client);
    if (!(await client.fence()) || client.closed) throw new Error(`the server does not let ${user?.user} in`);
    return peer;
  }

  private constructor(client: RawClient) {
    this.#client = client;
  }

  get connected(): boolean {
    return !this.#client.closed;
  }

  /** All messages that its subscriptions have received. */
  get heard(): Heard[] {
    return this.#client.frames.flatMap(({ verb, line, body }) =>
      body === undefined ? [] : [heard(verb, line.split(" "), body)],
    );
  }

  /** The server's errors, as it sent them. */
  get refusals(): string[] {
    return this.#client.frames.flatMap(({ verb, line }) => (verb === "-ERR" ? [line] : []));
  }

  /** Forgets everything received. */
  forget(): void {
    this.#client.frames.length = 0;
  }

  async subscribe(subject: string): Promise<void> {
    this.#client.send(`SUB ${subject} ${++this.#subscriptions}\r\n`);
    await this.flush();
  }

  /** Sends raw protocol text. */
  say(text: string): void {
    this.#client.send(text);
  }

  publish(subject: string, said: Said = {}): void {
    this.#client.send(frame(subject, said));
  }

  /** Sends messages as fast as the server takes them, or at a rate per second. Resolves when it has taken them. */
  async flood(
    count: number,
    make: (i: number) => readonly [subject: string, said: Said],
    rate?: number,
  ): Promise<void> {
    const started = performance.now();
    for (let sent = 0; sent < count && this.connected; ) {
      const due = rate === undefined ? count : Math.floor(((performance.now() - started) * rate) / 1_000);
      const some = Math.min(batch, count - sent, due - sent);
      const frames = Array.from({ length: Math.max(0, some) }, (_, i) => frame(...make(sent + i)));
      sent += frames.length;
      this.#client.send(Buffer.concat(frames));
      if (frames.length > 0) await this.flush();
      if (rate !== undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Resolves when the server has handled everything sent before. */
  async flush(): Promise<void> {
    await this.#client.fence({ within: 30_000 });
  }

  until(condition: () => boolean, within?: number): Promise<boolean> {
    return this.#client.until(condition, within);
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function frame(subject: string, { reply = "", headers, payload = "" }: Said): Buffer {
  const to = reply === "" ? subject : `${subject} ${reply}`;
  const body = Buffer.from(payload as string);
  if (headers === undefined) return Buffer.concat([Buffer.from(`PUB ${to} ${body.length}\r\n`), body, crlf]);
  const text = typeof headers === "string" ? headers : `NATS/1.0\r\n${headers.map((it) => `${it}\r\n`).join("")}\r\n`;
  const block = Buffer.from(text, "latin1");
  const line = `HPUB ${to} ${block.length} ${block.length + body.length}\r\n`;
  return Buffer.concat([Buffer.from(line), block, body, crlf]);
}

const crlf = Buffer.from("\r\n");

/** Parses `MSG subject sid [reply] size` and `HMSG subject sid [reply] headers total`. */
function heard(verb: string, [, subject = "", , ...rest]: string[], body: string): Heard {
  const sizes = verb === "HMSG" ? 2 : 1;
  const reply = rest.length > sizes ? (rest[0] as string) : "";
  const split = verb === "HMSG" ? Number(rest.at(-2)) : 0;
  return { subject, reply, headers: body.slice(0, split), payload: body.slice(split, -2) };
}
