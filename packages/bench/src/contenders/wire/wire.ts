import type { Question } from "../../work/question.js";
import type { Contender } from "../contender.js";
import { type Frame, WireConnection } from "./connection.js";
import { type Payloads, WireCaller } from "./wire-caller.js";

// The upper limit for Node over NATS: the same bytes back and forth over bare sockets. The payload is made once, the
// service returns what it got, and nothing is encoded or decoded. What is left is what every request layer must do:
// match replies to requests, and batch the writes of a turn.

/** With a number of subjects, which are asked in turn. */
export function wireWith(count: number): Contender {
  const subjects = Array.from({ length: count }, (_, i) => `bench.wire${i}`);
  return {
    async serve(url) {
      // The part of a message before its reply subject has a fixed length for each subject number.
      const heads = subjects.map((subject, i) => `MSG ${subject} ${i + 1} `.length);
      const connection = await WireConnection.open(url, (frame) =>
        connection.write(`PUB ${frame.data.toString("latin1", frame.start + headOf(frame), frame.end + 2)}`),
      );
      const headOf = ({ data, start }: Frame): number => heads[numberFrom(data, start + numberAt)] as number;
      for (const [i, subject] of subjects.entries()) connection.write(`SUB ${subject} q ${i + 1}\r\n`);
      await connection.taken();
    },

    connect: (url) => WireCaller.open(url, subjects, new SameBytes()),
  };
}

const numberAt = "MSG bench.wire".length;
const [blank, zero] = [0x20, 0x30];

/** Parses the number there. */
function numberFrom(data: Buffer, from: number): number {
  let number = 0;
  for (let at = from; data[at] !== blank; at++) number = number * 10 + (data[at] ?? zero) - zero;
  return number;
}

/** One payload for all questions of the same size. */
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
