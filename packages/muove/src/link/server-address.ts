import { isIP, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import type { Login } from "./credentials.js";

/** Where to dial, and with which credentials. */
export interface ServerAddress {
  /** `host:port`, with brackets for IPv6. Equal values mean the same server. */
  readonly listen: string;
  /** Whether TLS is required, and not only used when the server offers it. */
  readonly tls: boolean;
  readonly credentials?: Login;
  /** The name that the server's certificate must have, if the host is not a name. */
  readonly servername?: string;
}

/** Scheme, credentials, host, port, and what follows. Credentials end at the last `@`, so they may contain anything. */
const form = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:(.*)@)?(\[[^\]]*\]|[^:/]*)(?::([^/]*))?(.*)$/is;
const schemes: ReadonlySet<string> = new Set(["nats", "tls"]);
const defaultPort = 4222;

/**
 * Parses a server URL. What comes before the host is taken as it is, except that percent-encoding is decoded.
 *
 * @throws Error whose message says what is wrong and quotes nothing, since any part of a wrong URL may be a secret.
 */
export function parseServer(text: string): ServerAddress {
  const [, scheme = "nats", userinfo = "", host = "", port = "", rest = ""] = form.exec(text.trim()) ?? [];
  if (!schemes.has(scheme.toLowerCase())) throw new Error("the scheme must be nats:// or tls://");
  if (port.includes(":")) throw new Error("an IPv6 address must be in brackets, as in [::1]:4222");
  if (host === "") throw new Error("there is no host");
  if (!["", "/"].includes(rest)) throw new Error("nothing may follow the port");
  const credentials = credentialsOf(userinfo);
  return {
    listen: `${checkedHost(host)}:${checkedPort(port)}`,
    tls: scheme.toLowerCase() === "tls",
    ...(credentials && { credentials }),
  };
}

/**
 * The address of a server that `teacher` announced. It gets the same credentials, over the same transport.
 *
 * @throws Error like {@link parseServer}
 */
export function gossipedServer(text: string, teacher: ServerAddress, encrypted: boolean): ServerAddress {
  const { listen } = parseServer(text);
  // Servers announce IP addresses, but their certificates have the name that the cluster was configured with.
  const known = certificateName(teacher);
  const nameless = isIP(hostOf({ listen })) !== 0 && known !== "";
  return {
    listen,
    tls: teacher.tls || encrypted,
    ...(teacher.credentials && { credentials: teacher.credentials }),
    ...(nameless && { servername: known }),
  };
}

/** Its name or IP address, without brackets. */
export function hostOf({ listen }: Pick<ServerAddress, "listen">): string {
  return listen.slice(0, listen.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

/** The same server at one of its IP addresses, as `host:port`. */
export function listenAt({ listen }: Pick<ServerAddress, "listen">, ip: string): string {
  return `${isIPv6(ip) ? `[${ip}]` : ip}${listen.slice(listen.lastIndexOf(":"))}`;
}

/** The name that its certificate must have; empty for an IP address without a name. */
export function certificateName(server: ServerAddress): string {
  const host = hostOf(server);
  return server.servername ?? (isIP(host) === 0 ? host : "");
}

function checkedHost(host: string): string {
  if (host.startsWith("[")) {
    if (!URL.canParse(`http://${host}`)) throw new Error("the IPv6 address is not valid");
    return new URL(`http://${host}`).hostname;
  }
  const ascii = /[\s\\?#@%<>^|[\]]/.test(host) ? "" : domainToASCII(host);
  if (ascii === "") throw new Error("the host is not a name or an IP address");
  return ascii;
}

function checkedPort(port: string): number {
  const number = port === "" ? defaultPort : /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw new Error("the port must be a number from 1 to 65535");
  return number;
}

/** `user:password` or a token. Nothing, as an unset variable in the URL leaves it, means none. */
function credentialsOf(userinfo: string): Login | undefined {
  if (userinfo === "" || userinfo === ":") return undefined;
  const colon = userinfo.indexOf(":");
  if (colon === 0) throw new Error("there is a password without a user");
  if (colon === -1) return { token: decoded(userinfo) };
  return { user: decoded(userinfo.slice(0, colon)), pass: decoded(userinfo.slice(colon + 1)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone "%" in a password that was not URL-encoded.
  }
}
