import type { Question } from "../../work/question.js";
import type { Contender } from "../contender.js";
import { type Frame, WireConnection } from "./connection.js";
import { type Payloads, WireCaller } from "./wire-caller.js";

// The limit of what can be had over NATS from Node: the same bytes to and fro, by bare sockets on both sides, and nothing
// else. The payload is made once, the service gives back what it got, nothing is encoded or decoded. What is left is what
// every request layer must do: match a reply to its request, and write together what belongs to one turn.

const subject = "bench.wire";
/** What a message to the service has in front of its reply subject, which is what a PUB begins with. */
const { length } = `MSG ${subject} 1 `;

export const wire: Contender = {
  async serve(url) {
    const connection = await WireConnection.open(url, ({ data, start, end }) =>
      connection.write(`PUB ${data.toString("latin1", start + length, end + 2)}`),
    );
    connection.write(`SUB ${subject} q 1\r\n`);
    await connection.taken();
  },

  connect: (url) => WireCaller.open(url, subject, new SameBytes()),
};

/** One payload for all questions of a size. */
class SameBytes implements Payloads {
  #note = "";
  #text = "";
  #bytes = Buffer.alloc(0);

  write(question: Question): string {
    if (question.note !== this.#note) {
      this.#note = question.note;
      this.#text = JSON.stringify(question);
      this.#bytes = Buffer.from(this.#text);
    }
    return this.#text;
  }

  isRight(_: Question, { data, payload, end }: Frame): boolean {
    const { length } = this.#bytes;
    return end - payload === length && data.compare(this.#bytes, 0, length, payload, end) === 0;
  }
}
