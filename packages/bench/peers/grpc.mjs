// gRPC with a .proto file that is loaded at run time, and one channel. Protocol Buffers checks types; what else the
// contract says, both sides check with its schemas.
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { credentials, loadPackageDefinition, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { answerTo, isRight, timeout } from "../dist/work/question.js";
import { answer, question } from "../dist/work/schemas.js";

// As in the documentation of proto-loader.
const loading = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };
const definition = loadSync(fileURLToPath(new URL("quotes.proto", import.meta.url)), loading);
const { Quotes } = loadPackageDefinition(definition).bench;

// As in the performance guide of gRPC.
const channel = { "grpc.keepalive_time_ms": 30_000 };

function quote({ request }, reply) {
  const { success, data, error } = question.safeParse(request);
  if (success) reply(null, answerTo(data));
  else reply({ code: status.INVALID_ARGUMENT, details: error.message });
}

/** @type {import("../src/contenders/contender.js").Contender} */
export const contender = {
  async listen() {
    const server = new Server();
    server.addService(Quotes.service, { quote });
    const bind = promisify(server.bindAsync.bind(server));
    return `127.0.0.1:${await bind("127.0.0.1:0", ServerCredentials.createInsecure())}`;
  },

  async connect(address) {
    const client = new Quotes(address, credentials.createInsecure(), channel);
    const ask = promisify(client.quote.bind(client));
    return {
      async ask(question) {
        const reply = await ask(question, { deadline: Date.now() + timeout });
        return isRight(question, answer.parse(reply));
      },
    };
  },
};
