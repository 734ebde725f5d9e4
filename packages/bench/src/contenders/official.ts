import { connect, type NatsConnection } from "@nats-io/transport-node";
import { type Answer, answerTo, isRight, type Question, timeout } from "../work/question.js";
import type { Caller, Contender } from "./contender.js";

// The official client's request(), with JSON, and a service that subscribes and responds.

const subject = "bench.official";

export const official: Contender = {
  async serve(url) {
    const connection = await connect({ servers: url });
    connection.subscribe(subject, {
      queue: "q",
      callback: (_, msg) => void msg.respond(JSON.stringify(answerTo(msg.json<Question>()))),
    });
    await connection.flush();
  },

  async connect(url) {
    return new OfficialCaller(await connect({ servers: url }));
  },
};

class OfficialCaller implements Caller {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  async ask(question: Question): Promise<boolean> {
    const msg = await this.#connection.request(subject, JSON.stringify(question), { timeout });
    return isRight(question, msg.json<Answer>());
  }
}
