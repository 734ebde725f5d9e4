import { readFileSync } from "node:fs";
import { markdownTable } from "./tables.js";

const peers = new URL("../../peers/package.json", import.meta.url);

/** The section about the contenders, their versions and settings. */
export function contendersPage(): string {
  const { dependencies } = JSON.parse(readFileSync(peers, "utf8")) as { dependencies: Record<string, string> };
  const version = (name: string): string => `\`${name}\` ${dependencies[name]}`;
  const rows = [
    ["`muove`", "this repository", "as shipped; MessagePack"],
    ["`muove-1`", "this repository", "the same, in a fresh process: the baseline for those below"],
    ["`muove-1-of-1000`", "this repository", "the same, with 1,000 mailboxes in one service, of which one is called"],
    ["`muove-1000`", "this repository", "the same, with 1,000 mailboxes in one service, called in turn"],
    [
      "`official`",
      version("@nats-io/transport-node"),
      "`request()` with JSON; a subscription with a callback that responds",
    ],
    ["`services`", version("@nats-io/services"), "an endpoint with a handler; called like `official`"],
    [
      "`moleculer`",
      `${version("moleculer")}, ${version("nats")}`,
      "NATS transporter; no metrics, no tracing, a request timeout, as in its project template; no validation of parameters",
    ],
    [
      "`nestjs`",
      `${version("@nestjs/microservices")}, ${version("nats")}`,
      "NATS transport with a queue; `ClientProxy.send()`; no pipes, no timeout",
    ],
    [
      "`undici`",
      `${version("fastify")}, ${version("undici")}`,
      "Fastify validates and serialises by JSON Schema; `Pool.request()` with 50 connections and a pipelining of 10, as in undici's own benchmark",
    ],
    [
      "`fetch`",
      `${version("fastify")}, Node's own \`fetch\``,
      "the same service; `fetch()` with `AbortSignal.timeout()`",
    ],
    [
      "`grpc`",
      `${version("@grpc/grpc-js")}, ${version("@grpc/proto-loader")}`,
      "a .proto file loaded at run time; one channel with keepalive; a deadline for each call",
    ],
    [
      "`wire-values`",
      "a bare socket",
      "matches replies, writes once a turn, MessagePack on both sides; no validation, no deadline, nothing that can fail",
    ],
    [
      "`wire`",
      "a bare socket",
      "the same, but it only moves bytes: the payload is made once, and the service returns it",
    ],
    ["`wire-1`, `wire-1000`", "a bare socket", "the same, with one subject, and with 1,000 called in turn"],
  ];
  return `## Who is compared

\`NODE_ENV\` is \`production\`, logs are at \`warn\`, and all contenders with deadlines have the same one. Everything else has
its default. Where there was a choice, a peer got the faster option.

As Muove does, \`undici\`, \`fetch\` and \`grpc\` check each question at the service and each answer at the caller. All use the
same zod schemas, of which Fastify gets the JSON Schema. The peers over NATS check nothing.

${markdownTable(["", "what", "how"], rows)}`;
}
