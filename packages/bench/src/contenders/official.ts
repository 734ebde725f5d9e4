import { connect, type NatsConnection } from "@nats-io/transport-node";
import { Packr } from "msgpackr";
import { type Answer, answerTo, isRight, type Question, timeout } from "../work/question.js";
import type { Arrived, Caller, Casts, Contender } from "./contender.js";
import { Tally } from "./tally.js";

// The official client: request() with JSON, and a service that subscribes and responds; publish() with Muove's
// encoding.

const subject = "bench.official";
const sold = "bench.official.sold";
const arrived = "bench.official.arrived";
const queue = "q";
const packr = new Packr({ useRecords: false });

export const official: Contender = {
  async serve(url) {
    const connection = await connect({ servers: url });
    const tally = new Tally();
    connection.subscribe(subject, {
      queue,
      callback: (_, msg) => void msg.respond(JSON.stringify(answerTo(msg.json<Question>()))),
    });
    connection.subscribe(sold, { queue, callback: (_, { data }) => tally.add(packr.unpack(data)) });
    connection.subscribe(arrived, { queue, callback: (_, msg) => void msg.respond(JSON.stringify(tally.arrived)) });
    await connection.flush();
  },

  async connect(url) {
    return new OfficialCaller(await connect({ servers: url }));
  },
};

class OfficialCaller implements Caller, Casts {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  get casts(): Casts {
    return this;
  }

  async ask(question: Question): Promise<boolean> {
    const msg = await this.#connection.request(subject, JSON.stringify(question), { timeout });
    return isRight(question, msg.json<Answer>());
  }

  send(question: Question): void {
    this.#connection.publish(sold, packr.pack(question));
  }

  async arrived(): Promise<Arrived> {
    return (await this.#connection.request(arrived, "", { timeout })).json<Arrived>();
  }
}
