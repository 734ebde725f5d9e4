// Fastify, called with undici's `request()`. Connections are kept, and as many as in undici's own benchmark, with its
// pipelining: the default is none, and slower. A quote may be asked for twice, as pipelining demands.
import { Pool } from "undici";
import { isRight, timeout } from "../dist/work/question.js";
import { answer } from "../dist/work/schemas.js";
import { listen, path } from "./fastify.mjs";

const options = { connections: 50, pipelining: 10, headersTimeout: timeout, bodyTimeout: timeout };
const request = { path, method: "POST", idempotent: true, blocking: false };
const headers = { "content-type": "application/json" };

/** @type {import("../src/contenders/contender.js").Contender} */
export const contender = {
  listen,

  async connect(address) {
    const pool = new Pool(address, options);
    return {
      async ask(question) {
        const { statusCode, body } = await pool.request({ ...request, headers, body: JSON.stringify(question) });
        if (statusCode !== 200) throw new Error(`${statusCode}: ${await body.text()}`);
        return isRight(question, answer.parse(await body.json()));
      },
    };
  },
};
