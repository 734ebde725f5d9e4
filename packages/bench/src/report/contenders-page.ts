import { readFileSync } from "node:fs";
import { markdownTable } from "./markdown.js";

const peers = new URL("../../peers/package.json", import.meta.url);

/** The section about who is compared, in which version and with which settings. */
export function contendersPage(): string {
  const { dependencies } = JSON.parse(readFileSync(peers, "utf8")) as { dependencies: Record<string, string> };
  const version = (name: string): string => `\`${name}\` ${dependencies[name]}`;
  const rows = [
    ["`muove`", "this repository", "as shipped; MessagePack"],
    [
      "`muove-1`",
      "this repository",
      "the same, in a process that has done nothing else before: what those below are compared with",
    ],
    ["`muove-1-of-1000`", "this repository", "the same, with 1,000 mailboxes in one service, of which one is asked"],
    ["`muove-1000`", "this repository", "the same, with 1,000 mailboxes in one service, asked in turn"],
    [
      "`official`",
      version("@nats-io/transport-node"),
      "`request()` with JSON; a subscription with a callback that responds",
    ],
    ["`services`", version("@nats-io/services"), "an endpoint with a handler; asked as `official`"],
    [
      "`moleculer`",
      `${version("moleculer")}, ${version("nats")}`,
      "NATS transporter; no metrics, no tracing, a request timeout, as its project template has it; no validation of parameters",
    ],
    [
      "`nestjs`",
      `${version("@nestjs/microservices")}, ${version("nats")}`,
      "NATS transport with a queue; `ClientProxy.send()`; no pipes, no timeout",
    ],
    [
      "`wire-values`",
      "a bare socket",
      "matches replies, writes once a turn, MessagePack on both sides; no validation, no deadline, nothing that can fail",
    ],
    [
      "`wire`",
      "a bare socket",
      "the same, but it only moves bytes: the payload is made once, and the service gives it back",
    ],
    ["`wire-1`, `wire-1000`", "a bare socket", "the same, with one subject, and with 1,000 that are asked in turn"],
  ];
  return `## Who is compared

\`NODE_ENV\` is \`production\`, logs are at \`warn\`, and everybody who has a deadline has the same. What is not said is as it comes. Where there was a
choice, a peer got the faster one.

${markdownTable(["", "what", "how"], rows)}`;
}
