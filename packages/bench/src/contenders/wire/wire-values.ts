import { Packr } from "msgpackr";
import { answerTo, isRight, type Question } from "../../work/question.js";
import type { Contender } from "../contender.js";
import { type Frame, WireConnection } from "./connection.js";
import { type Payloads, WireCaller } from "./wire-caller.js";

// Like the wire, but with values instead of bytes: both sides encode and decode, and the service does the work. No
// useful request layer can be faster.

const subject = "bench.values";
const { length } = `MSG ${subject} 1 `;
const packr = new Packr({ useRecords: false });

export const wireValues: Contender = {
  async serve(url) {
    const connection = await WireConnection.open(url, (frame) => {
      const answer = write(answerTo(read(frame) as Question));
      connection.write(`PUB ${replySubject(frame)} ${answer.length}\r\n${answer}\r\n`);
    });
    connection.write(`SUB ${subject} q 1\r\n`);
    await connection.taken();
  },

  connect: (url) => WireCaller.open(url, [subject], messagePack),
};

const messagePack: Payloads = {
  write,
  isRight: (question, frame) => isRight(question, read(frame) as ReturnType<typeof answerTo>),
};

function write(value: unknown): string {
  return packr.pack(value).toString("latin1");
}

function read({ data, payload, end }: Frame): unknown {
  return packr.unpack(data.subarray(payload, end));
}

function replySubject({ data, start, line }: Frame): string {
  const from = start + length;
  return data.toString("latin1", from, data.lastIndexOf(" ", line));
}
