import { cpus } from "node:os";
import type { Nats } from "@muove/testkit";
import type { Arguments } from "./arguments.js";
import type { About } from "./results.js";

/** The environment of a run. */
export function aboutThis({ output }: Nats, { given, rounds, seconds, full }: Arguments): About {
  const [, natsServer = "of an unknown version"] = /Version:\s+(\S+)/.exec(output) ?? [];
  const date = new Date().toISOString().slice(0, 10);
  const command = ["npm run bench", ...(given.length > 0 ? ["--", ...given] : [])].join(" ");
  return { date, command, node: process.versions.node, cores: cpus().length, natsServer, rounds, seconds, full };
}
