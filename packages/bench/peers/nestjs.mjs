// NestJS with the NATS transport, as its documentation has it. The decorators are called as functions, since this is
// not TypeScript; what they leave behind is the same.
import "reflect-metadata";
import { Controller, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ClientProxyFactory, MessagePattern, Payload, Transport } from "@nestjs/microservices";
import { firstValueFrom } from "rxjs";
import { answerTo, isRight } from "../dist/work/question.js";

const pattern = "bench.nestjs";

class BenchController {
  quote(/** @type {import("../src/work/question.js").Question} */ question) {
    return answerTo(question);
  }
}
const quote = Object.getOwnPropertyDescriptor(BenchController.prototype, "quote") ?? {};
MessagePattern(pattern)(BenchController.prototype, "quote", quote);
Payload()(BenchController.prototype, "quote", 0);
Controller()(BenchController);

class BenchModule {}
Module({ controllers: [BenchController] })(BenchModule);

/** @param {string} url */
const transport = (url) => ({ transport: Transport.NATS, options: { servers: [url], queue: "q" } });

/** @type {import("../src/contenders/contender.js").Contender} */
export const contender = {
  async serve(url) {
    const app = await NestFactory.createMicroservice(BenchModule, { ...transport(url), logger: ["warn", "error"] });
    await app.listen();
  },

  async connect(url) {
    const client = ClientProxyFactory.create(transport(url));
    await client.connect();
    return { ask: async (question) => isRight(question, await firstValueFrom(client.send(pattern, question))) };
  },
};
