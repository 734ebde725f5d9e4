import type { Question } from "../../work/question.js";
import type { Caller } from "../contender.js";
import { type Frame, WireConnection } from "./connection.js";

/** The payload for a question, and the check of its answer. */
export interface Payloads {
  /** A payload as a string with one byte per character. */
  write(question: Question): string;
  isRight(question: Question, frame: Frame): boolean;
}

const inbox = "_INBOX.wire.";
const inLine = `MSG ${inbox}`.length;
const [space, zero] = [0x20, 0x30];

interface Asked {
  readonly question: Question;
  readonly resolve: (right: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sends requests over a bare socket.
 *
 * WIRE-CALLER-1 Each request in flight has its own slot, whose number ends its reply subject.
 * WIRE-CALLER-2 Subjects are asked in turn.
 */
export class WireCaller implements Caller {
  readonly #connection: WireConnection;
  readonly #payloads: Payloads;
  /** The start of the line for each subject. */
  readonly #heads: readonly string[];
  readonly #places: string[] = [];
  readonly #asked: Asked[] = [];
  readonly #free: number[] = [];

  static async open(url: string, subjects: readonly string[], payloads: Payloads): Promise<WireCaller> {
    const connection = await WireConnection.open(url, (frame) => caller.#answered(frame));
    const caller = new WireCaller(connection, subjects, payloads);
    connection.write(`SUB ${inbox}* 1\r\n`);
    await connection.taken();
    return caller;
  }

  private constructor(connection: WireConnection, subjects: readonly string[], payloads: Payloads) {
    this.#connection = connection;
    this.#heads = subjects.map((subject) => `PUB ${subject} ${inbox}`);
    this.#payloads = payloads;
  }

  ask(question: Question): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const place = this.#free.pop() ?? this.#newPlace();
      this.#asked[place] = { question, resolve, reject };
      const payload = this.#payloads.write(question);
      const head = this.#heads[question.id % this.#heads.length];
      this.#connection.write(`${head}${this.#places[place]}${payload.length}\r\n${payload}\r\n`);
    });
  }

  #answered(frame: Frame): void {
    let place = 0;
    for (let at = frame.start + inLine; frame.data[at] !== space; at++) {
      place = place * 10 + (frame.data[at] ?? zero) - zero;
    }
    this.#free.push(place);
    const asked = this.#asked[place];
    if (asked === undefined) throw new Error(`no request is pending for ${place}`);
    try {
      asked.resolve(this.#payloads.isRight(asked.question, frame));
    } catch (error) {
      asked.reject(error);
    }
  }

  #newPlace(): number {
    const place = this.#places.length;
    this.#places.push(`${place} `);
    return place;
  }
}
