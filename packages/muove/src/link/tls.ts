import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { checkServerIdentity, createSecureContext, type SecureContext } from "node:tls";
import { describe, optionProblems, rules } from "@muove/contract/internal";
import { TlsError } from "./dial-failure.js";
import { hostOf, type ServerAddress } from "./server-address.js";
import { readSmallFile } from "./small-file.js";

type Pem = string | Buffer;

/** Files are in PEM form, and are read again at every dial. */
export interface TlsOptions {
  /** The authorities to trust instead of those of Node.js, in PEM form; `caFile` is the path of a file with them. */
  readonly ca?: Pem | undefined;
  readonly caFile?: string | undefined;
  /**
   * This client's certificate in PEM form, for servers that verify clients, with intermediate ones after it; `certFile`
   * is the path of a file with it.
   */
  readonly cert?: Pem | undefined;
  readonly certFile?: string | undefined;
  /** The private key of the certificate in PEM form; `keyFile` is the path of a file with it. */
  readonly key?: Pem | undefined;
  readonly keyFile?: string | undefined;
  /** For a private key that is encrypted. */
  readonly passphrase?: string | undefined;
  /** The name or IP address that the certificates of all servers must have. Default: the host in the server's URL. */
  readonly serverName?: string | undefined;
  /**
   * Begins with TLS, instead of the server's greeting in plain text. For servers with `handshake_first` (2.10 and
   * later), and for all of them. Default false.
   */
  readonly handshakeFirst?: boolean | undefined;
  /**
   * Accepts any certificate, so that whoever is between this service and NATS can read and change everything,
   * credentials too. The bus logs a warning. Default false; `NODE_TLS_REJECT_UNAUTHORIZED` has no say in it.
   */
  readonly insecureSkipVerify?: boolean | undefined;
}

type Part = "ca" | "cert" | "key";
type Material = Readonly<Partial<Record<Part, Pem>>> & Pick<TlsOptions, "passphrase">;

const parts = ["ca", "cert", "key"] as const;

/** What is wrong with what was given as `tls`, or nothing. Quotes neither key nor passphrase. */
export function tlsProblem(given: unknown): string | undefined {
  const problems = optionProblems(given, tlsRules);
  if (problems.length > 0) return `is wrong: ${problems.join("; ")}`;
  const tls = given as TlsOptions;
  const wrong = [...parts.map((part) => twice(tls, part)), pairProblem(tls), inlineProblem(tls)].filter(Boolean);
  return wrong.length > 0 ? `is wrong: ${wrong.join("; ")}` : undefined;
}

const pem = (value: unknown) =>
  (typeof value === "string" && value !== "") || Buffer.isBuffer(value)
    ? undefined
    : "must be a string or a Buffer in PEM form";

const tlsRules = {
  ca: pem,
  caFile: rules.string,
  cert: pem,
  certFile: rules.string,
  key: pem,
  keyFile: rules.string,
  passphrase: (value: unknown) =>
    typeof value === "string" && value !== "" ? undefined : "must be a non-empty string",
  serverName: (value: unknown) =>
    typeof value === "string" && /^[\w.:-]+$/.test(value) ? undefined : `must be a host's name, not ${describe(value)}`,
  handshakeFirst: rules.boolean,
  insecureSkipVerify: rules.boolean,
} satisfies Record<keyof TlsOptions, unknown>;

function twice(tls: TlsOptions, part: Part): string | undefined {
  const both = tls[part] !== undefined && tls[`${part}File`] !== undefined;
  return both ? `${part} and ${part}File cannot be used together` : undefined;
}

function pairProblem({ cert, certFile, key, keyFile, passphrase }: TlsOptions): string | undefined {
  const [hasCert, hasKey] = [cert ?? certFile, key ?? keyFile].map((value) => value !== undefined);
  if (hasCert !== hasKey) return hasCert ? "a certificate needs its key" : "a key needs its certificate";
  return passphrase !== undefined && !hasKey ? "passphrase needs a key" : undefined;
}

/** Of those that were given as text; files are looked at when they are read. */
function inlineProblem({ ca, cert, key, passphrase }: TlsOptions): string | undefined {
  try {
    if (ca !== undefined) secureContext({ ca });
    if (cert !== undefined && key !== undefined) secureContext({ cert, key, passphrase });
    return undefined;
  } catch (error) {
    const { message, cause } = error as Error;
    return `${message}: ${(cause as Error).message}`;
  }
}

/** What the client, and Node.js below it, are told of TLS for a server. */
export interface TlsSettings {
  readonly secureContext?: SecureContext;
  readonly handshakeFirst: boolean;
  readonly rejectUnauthorized: boolean;
  readonly servername?: string;
  readonly checkServerIdentity: typeof checkServerIdentity;
  readonly signal: AbortSignal;
}

/**
 * The settings for a server, or nothing if neither it nor the options require TLS.
 *
 * @throws TlsError when the certificates or the key cannot be read or used.
 */
export async function tlsSettings(
  server: ServerAddress,
  tls: TlsOptions | undefined,
  signal: AbortSignal,
): Promise<TlsSettings | undefined> {
  if (!server.tls && tls === undefined) return undefined;
  const material = await read(tls ?? {});
  const name = tls?.serverName ?? server.servername ?? hostOf(server);
  return {
    ...(parts.some((part) => material[part] !== undefined) && { secureContext: secureContext(material) }),
    handshakeFirst: tls?.handshakeFirst === true,
    rejectUnauthorized: tls?.insecureSkipVerify !== true,
    ...(isIP(name) === 0 && { servername: name }),
    // Without a name, Node.js would compare the certificate of an IP address with "localhost".
    checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
    // With "handshake first", Node.js creates the socket where the trap does not see it, but it honours this signal.
    signal,
  };
}

async function read(tls: TlsOptions): Promise<Material> {
  const [ca, cert, key] = await Promise.all(parts.map((part) => pemOf(tls, part)));
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), passphrase: tls.passphrase };
}

async function pemOf(tls: TlsOptions, part: Part): Promise<Pem | undefined> {
  const path = tls[`${part}File`];
  if (path === undefined) return tls[part];
  try {
    const text = await readSmallFile(path);
    if (text.trim() === "") throw new Error(`${path} is empty`);
    return text;
  } catch (cause) {
    throw new TlsError(`cannot read the ${part}File ${path} of tls`, { cause });
  }
}

/** Node.js would take authorities that it cannot read, and trust nobody. */
function secureContext({ ca, cert, key, passphrase }: Material): SecureContext {
  if (ca !== undefined) usable("the authorities (ca) are", () => new X509Certificate(ca));
  return usable("the certificate and its key (cert, key) are", () =>
    createSecureContext({
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(passphrase !== undefined && { passphrase }),
    }),
  );
}

function usable<T>(what: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new TlsError(`${what} not usable`, { cause });
  }
}
