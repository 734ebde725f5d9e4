// The service of both HTTP contenders: Fastify, which validates the body and serialises the answer by JSON Schema, as its
// documentation has it. No log, which is its default and the faster option.
import fastify from "fastify";
import { answerTo } from "../dist/work/question.js";
import { answer, jsonSchema, question } from "../dist/work/schemas.js";

export const path = "/quote";

/** Resolves to its URL. */
export async function listen() {
  const app = fastify();
  const schema = { body: jsonSchema(question), response: { 200: jsonSchema(answer) } };
  app.post(path, { schema }, async ({ body }) => answerTo(body));
  return await app.listen({ host: "127.0.0.1", port: 0 });
}
