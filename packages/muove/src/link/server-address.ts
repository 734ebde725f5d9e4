import { isIP } from "node:net";
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

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;
const defaultPort = "4222";

/** Parses a server URL here, because the client drops the scheme and the credentials. */
export function parseServer(text: string): ServerAddress {
  const url = new URL(`nats://${text.replace(scheme, "")}`);
  const credentials = credentialsOf(url);
  return {
    listen: `${url.hostname}:${url.port || defaultPort}`,
    tls: scheme.exec(text)?.[1]?.toLowerCase() === "tls",
    ...(credentials && { credentials }),
  };
}

/** The address of a server that `teacher` announced. It gets the same credentials, over the same transport. */
export function gossipedServer(text: string, teacher: ServerAddress, encrypted: boolean): ServerAddress {
  const { listen } = parseServer(text);
  // Servers announce IP addresses, but their certificates have the name that the cluster was configured with.
  const known = teacher.servername ?? hostOf(teacher);
  const nameless = isIP(hostOf({ listen })) !== 0 && isIP(known) === 0;
  return {
    listen,
    tls: teacher.tls || encrypted,
    ...(teacher.credentials && { credentials: teacher.credentials }),
    ...(nameless && { servername: known }),
  };
}

/** Without the brackets of IPv6. */
export function hostOf({ listen }: { readonly listen: string }): string {
  return listen.slice(0, listen.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}

function credentialsOf({ username, password }: URL): Login | undefined {
  if (username === "") return undefined;
  if (password === "") return { token: decoded(username) };
  return { user: decoded(username), pass: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone "%" in a password that was not URL-encoded.
  }
}
