import { describe } from "@muove/contract/internal";
import { parseServer } from "../link/index.js";

const example = '"nats://127.0.0.1:4222"';

/** The URLs in a list, or in a text separated by commas. Empty entries, as after a trailing comma, do not count. */
export function serverList(servers: string | readonly string[]): readonly string[] {
  const list = typeof servers === "string" ? servers.split(",") : servers;
  return list.map((server) => server.trim()).filter((server) => server !== "");
}

/** The problem with the servers of a bus, if there is one. Quotes no text, because any part may be a secret. */
export function serversProblem(value: unknown): string | undefined {
  const texts = typeof value === "string" ? [value] : value;
  if (!Array.isArray(texts) || texts.length === 0) {
    return `must be a URL such as ${example}, or several, not ${Array.isArray(value) ? "none" : describe(value)}`;
  }
  const other = texts.find((text) => typeof text !== "string");
  if (other !== undefined) return `contains ${describe(other)}: each must be a URL`;
  const list = serverList(value as string | string[]);
  const problems = list.map((server, i) => serverProblem(server, typeof value === "string" && i > 0));
  const wrong = problems.findIndex((problem) => problem !== undefined);
  if (wrong === -1) return undefined;
  return `must be a URL such as ${example}, or several: in number ${wrong + 1} of ${list.length}, ${problems[wrong]}`;
}

/** @param follows whether it follows a comma, which may belong to the password of the URL before. */
function serverProblem(server: string, follows: boolean): string | undefined {
  if (follows && /^(?!\w+:\/\/).*@/s.test(server)) {
    return "the scheme is missing before the credentials (a comma in a password is written %2C)";
  }
  try {
    parseServer(server);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
