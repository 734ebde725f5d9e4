import { describe } from "@muove/contract/internal";

const schemes: ReadonlySet<string> = new Set(["nats:", "tls:"]);

/** What is wrong with the servers of a bus; nothing when all can be dialled. */
export function serversProblem(value: unknown): string | undefined {
  const servers = typeof value === "string" ? value.split(",").map((server) => server.trim()) : value;
  if (!Array.isArray(servers) || servers.length === 0) {
    return `must be a URL such as "nats://127.0.0.1:4222", or several, not ${Array.isArray(value) ? "none" : describe(value)}`;
  }
  return servers.map(serverProblem).find((problem) => problem !== undefined);
}

function serverProblem(server: unknown): string | undefined {
  if (typeof server !== "string") return `has ${describe(server)} in it: each must be a URL`;
  const url = parse(server);
  if (url === undefined || url.hostname === "")
    return `has ${shown(server)} in it, which is no URL such as "nats://127.0.0.1:4222"`;
  if (!schemes.has(url.protocol)) return `has ${shown(server)} in it: the scheme must be nats:// or tls://`;
  if (!["", "/"].includes(url.pathname)) return `has ${shown(server)} in it: nothing may follow the port`;
  return undefined;
}

function parse(server: string): URL | undefined {
  const url = server.includes("://") ? server : `nats://${server}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** A URL for an error message: without what may be a secret, which is all before the last `@`, however odd. */
function shown(server: string): string {
  return describe(server.replace(/^([a-z]+:\/\/)?.*@/s, "$1***@"));
}
