// Moleculer with the NATS transporter, and what the configuration of its project template sets for production: no
// metrics, no tracing, a request timeout.
import { ServiceBroker } from "moleculer";
import { answerTo, isRight, timeout } from "../dist/work/question.js";

/**
 * @param {string} url
 * @param {string} nodeID
 */
function broker(url, nodeID) {
  return new ServiceBroker({ nodeID, transporter: url, logLevel: "warn", requestTimeout: timeout });
}

/** @type {import("../src/contenders/contender.js").Contender} */
export const contender = {
  async serve(url) {
    const service = broker(url, "service");
    service.createService({ name: "bench", actions: { quote: ({ params }) => answerTo(params) } });
    await service.start();
  },

  async connect(url) {
    const caller = broker(url, "caller");
    await caller.start();
    await caller.waitForServices("bench");
    return { ask: async (question) => isRight(question, await caller.call("bench.quote", question)) };
  },
};
