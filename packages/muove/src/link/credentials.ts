import { credsAuthenticator, jwtAuthenticator, nkeyAuthenticator } from "@nats-io/transport-node";

/** A secret that is sent to the server: a user's password, or a token. */
export type Login = { readonly user: string; readonly pass: string } | { readonly token: string };

/**
 * Who a bus is, proven by a signature; the seed stays in this process.
 *
 * - `credsFile`: the path of a creds file, as `nsc` writes it. It is read again at every dial.
 * - `creds`: the text of such a file.
 * - `nkeySeed`: the seed of a user's NKey (`SU…`).
 * - `jwt`: a user's JWT, with the seed of its NKey; a bearer token needs none.
 */
export type Identity =
  | { readonly credsFile: string }
  | { readonly creds: string }
  | { readonly nkeySeed: string }
  | { readonly jwt: string; readonly nkeySeed?: string };

/**
 * What a bus logs in with. Both at once are for an auth callout in operator mode, such as `{ credsFile, user, pass }`:
 * the sentinel's creds, and what the callout checks.
 */
export type Credentials = Login | Identity | (Login & Identity);

/**
 * Gives the credentials for one dial, at once or later. `signal` aborts when the time for the dial is over, or when the
 * bus closes.
 */
export type CredentialsProvider = (dial: { readonly signal: AbortSignal }) => Credentials | Promise<Credentials>;

/** The fields of credentials. Nothing else that was given goes any further. */
export type CredentialsFields = Readonly<Partial<Record<(typeof fields)[number], string>>>;

const fields = ["user", "pass", "token", "credsFile", "creds", "jwt", "nkeySeed"] as const;
const logins = ["", "user pass", "token"];
const identities = ["", "credsFile", "creds", "nkeySeed", "jwt", "jwt nkeySeed"];
const combinations = new Set(logins.flatMap((login) => identities.map((identity) => `${login} ${identity}`.trim())));

export const credentialForms = "{ user, pass }, { token }, { credsFile }, { creds }, { nkeySeed } or { jwt, nkeySeed }";

/** What is wrong with what was given as credentials, or nothing. Quotes no value. */
export function credentialsProblem(given: unknown): string | undefined {
  if (typeof given !== "object" || given === null) return "they are no object";
  const named = given as Readonly<Record<(typeof fields)[number], unknown>>;
  const names = fields.filter((name) => named[name] !== undefined);
  if (names.length === 0) return "they have none of these fields";
  const wrong = names.find((name) => typeof named[name] !== "string" || (named[name] === "" && name !== "pass"));
  if (wrong !== undefined) return `their ${wrong} is not a ${wrong === "pass" ? "" : "non-empty "}string`;
  if (!combinations.has(names.join(" "))) return `they have ${names.join(" and ")}`;
  return identityProblem(fieldsOf(given));
}

/** Of credentials without a problem. */
export function fieldsOf(given: object): CredentialsFields {
  const named = given as CredentialsFields;
  return Object.fromEntries(fields.flatMap((name) => (named[name] === undefined ? [] : [[name, named[name]]])));
}

/** Whether the client can make something of a creds file, a JWT and a seed, for which it would ask in mid-dial. */
function identityProblem({ creds, jwt, nkeySeed }: CredentialsFields): string | undefined {
  const identity = identityOf({ creds, jwt, nkeySeed });
  if (identity === undefined) return undefined;
  const what = creds === undefined ? "nkeySeed is not" : "creds are not a user's JWT and";
  try {
    const signed = identity("nonce") as { readonly nkey?: string; readonly jwt?: string };
    if (signed.jwt !== undefined && !jwtForm.test(signed.jwt)) return `their ${creds ? "creds have" : "jwt is"} no JWT`;
    return signed.nkey === "" || signed.nkey?.startsWith("U") ? undefined : `their ${what} the seed of a user (SU…)`;
  } catch {
    return `their ${what} the seed of a user (SU…)`;
  }
}

/**
 * Signs what the server sends. White space around JWTs and seeds is common in files and variables.
 *
 * @internal the types that are published do without those of the client
 */
export function identityOf({
  creds,
  jwt,
  nkeySeed,
}: Partial<Record<"creds" | "jwt" | "nkeySeed", string | undefined>>) {
  if (creds !== undefined) return credsAuthenticator(bytes(`${creds.replaceAll("\r\n", "\n").trim()}\n`));
  const seed = nkeySeed === undefined ? undefined : bytes(nkeySeed.trim());
  if (jwt !== undefined) return jwtAuthenticator(jwt.trim(), seed);
  return seed && nkeyAuthenticator(seed);
}

const jwtForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
