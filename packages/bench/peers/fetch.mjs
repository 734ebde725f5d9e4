// Fastify, called with Node's own `fetch()`, which keeps its connections.
import { isRight, timeout } from "../dist/work/question.js";
import { answer } from "../dist/work/schemas.js";
import { listen, path } from "./fastify.mjs";

const headers = { "content-type": "application/json" };

/** @type {import("../src/contenders/contender.js").Contender} */
export const contender = {
  listen,

  async connect(address) {
    const url = address + path;
    return {
      async ask(question) {
        const signal = AbortSignal.timeout(timeout);
        const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(question), signal });
        if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
        return isRight(question, answer.parse(await response.json()));
      },
    };
  },
};
