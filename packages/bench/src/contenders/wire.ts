import type { Question } from "../work/question.js";
import type { Caller, Contender } from "./contender.js";
import { type Frame, WireConnection } from "./wire-connection.js";

// The limit of what can be had over NATS from Node: the same bytes to and fro, by bare sockets on both sides, and nothing
// else. The payload is made once, the service gives back what it got, nothing is encoded or decoded. What is left is what
// every request layer must do: match a reply to its request, and write together what belongs to one turn.

const subject = "bench.wire";
const inbox = "_INBOX.wire.";
const toService = `MSG ${subject} 1 `.length;
const toCaller = `MSG ${inbox}`.length;
const [space, zero] = [0x20, 0x30];

export const wire: Contender = {
  async serve(url) {
    const connection = await WireConnection.open(url, ({ data, start, end }) =>
      connection.write(`PUB ${data.toString("latin1", start + toService, end + 2)}`),
    );
    connection.write(`SUB ${subject} q 1\r\n`);
    await connection.taken();
  },

  connect: (url) => WireCaller.open(url),
};

/**
 * W1. Each request under way has a place of its own, whose number is the end of its reply subject; what the place sends
 *     is made once.
 */
class WireCaller implements Caller {
  readonly #connection: WireConnection;
  #requests: string[] = [];
  readonly #waiting: ((right: boolean) => void)[] = [];
  #free: number[] = [];
  #note = "";
  #payload: Buffer = Buffer.alloc(0);

  static async open(url: string): Promise<WireCaller> {
    const caller: WireCaller = new WireCaller(await WireConnection.open(url, (frame) => caller.#answered(frame)));
    caller.#connection.write(`SUB ${inbox}* 1\r\n`);
    await caller.#connection.taken();
    return caller;
  }

  private constructor(connection: WireConnection) {
    this.#connection = connection;
  }

  ask(question: Question): Promise<boolean> {
    if (question.note !== this.#note) this.#resize(question);
    return new Promise((resolve) => {
      const place = this.#free.pop() ?? this.#newPlace();
      this.#waiting[place] = resolve;
      this.#connection.write(this.#requests[place] ?? "");
    });
  }

  #answered({ data, start, payload, end }: Frame): void {
    let place = 0;
    for (let at = start + toCaller; data[at] !== space; at++) place = place * 10 + (data[at] ?? zero) - zero;
    this.#free.push(place);
    const { length } = this.#payload;
    const right = end - payload === length && data.compare(this.#payload, 0, length, payload, end) === 0;
    this.#waiting[place]?.(right);
  }

  /** Questions of another size follow; nothing is under way then. */
  #resize(question: Question): void {
    this.#note = question.note;
    this.#payload = Buffer.from(JSON.stringify(question));
    this.#requests = [];
    this.#free = [];
  }

  #newPlace(): number {
    const place = this.#requests.length;
    const { length } = this.#payload;
    this.#requests.push(`PUB ${subject} ${inbox}${place} ${length}\r\n${this.#payload}\r\n`);
    return place;
  }
}
