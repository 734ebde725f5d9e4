// The NATS services layer: a service of the official `@nats-io/services`, asked by the official client with JSON.
import { Svcm } from "@nats-io/services";
import { connect } from "@nats-io/transport-node";
import { answerTo, isRight, timeout } from "../dist/work/question.js";

const subject = "bench.services";

/** @type {import("../src/contenders/contender.js").Contender} */
export const contender = {
  async serve(url) {
    const connection = await connect({ servers: url });
    const service = await new Svcm(connection).add({ name: "bench", version: "1.0.0", queue: "q" });
    service.addEndpoint("quote", {
      subject,
      handler: (_, msg) => void msg.respond(JSON.stringify(answerTo(msg.json()))),
    });
    await connection.flush();
  },

  async connect(url) {
    const connection = await connect({ servers: url });
    return {
      async ask(question) {
        const msg = await connection.request(subject, JSON.stringify(question), { timeout });
        return isRight(question, msg.json());
      },
    };
  },
};
