import { describe } from "@muove/contract/internal";

const schemes: ReadonlySet<string> = new Set(["nats:", "tls:"]);

/** The problem with the servers of a bus, if there is one. */
export function serversProblem(value: unknown): string | undefined {
  const servers = typeof value === "string" ? value.split(",").map((server) => server.trim()) : value;
  if (!Array.isArray(servers) || servers.length === 0) {
    const given = Array.isArray(value) ? "none" : describe(value);
    return `must be a URL such as "nats://127.0.0.1:4222", or several, not ${given}`;
  }
  return servers.map(serverProblem).find((problem) => problem !== undefined);
}

function serverProblem(server: unknown): string | undefined {
  if (typeof server !== "string") return `contains ${describe(server)}: each must be a URL`;
  const url = parse(server);
  if (url === undefined || url.hostname === "")
    return `contains ${redacted(server)}, which is not a URL such as "nats://127.0.0.1:4222"`;
  if (!schemes.has(url.protocol)) return `contains ${redacted(server)}: the scheme must be nats:// or tls://`;
  if (!["", "/"].includes(url.pathname)) return `contains ${redacted(server)}: nothing may follow the port`;
  return undefined;
}

function parse(server: string): URL | undefined {
  const url = server.includes("://") ? server : `nats://${server}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** A URL for error messages. Everything before the last `@` may be a secret, even in a malformed URL. */
function redacted(server: string): string {
  return describe(server.replace(/^([a-z]+:\/\/)?.*@/s, "$1***@"));
}
