// The JWTs of NATS: an operator signs accounts, an account signs users. `nsc` makes the same.

import { randomUUID } from "node:crypto";
import { nkeys } from "@nats-io/nats-core";

export type KeyPair = ReturnType<typeof nkeys.createUser>;

export const publicKey = (keys: KeyPair): string => keys.getPublicKey();
export const seedOf = (keys: KeyPair): string => new TextDecoder().decode(keys.getSeed());

interface Claims {
  /** The public key that it is about. */
  readonly sub: string;
  readonly aud?: string;
  readonly name?: string;
  /** In seconds since the epoch. */
  readonly exp?: number;
  readonly nats: Readonly<Record<string, unknown>>;
}

const base64url = (data: string | Uint8Array): string => Buffer.from(data).toString("base64url");
const unlimited = { subs: -1, data: -1, payload: -1 };
const now = (): number => Math.floor(Date.now() / 1_000);

export function signed(issuer: KeyPair, { nats, ...claims }: Claims): string {
  const body = { jti: randomUUID(), iat: now(), iss: publicKey(issuer), ...claims, nats: { version: 2, ...nats } };
  const text = [{ typ: "JWT", alg: "ed25519-nkey" }, body].map((part) => base64url(JSON.stringify(part))).join(".");
  return `${text}.${base64url(issuer.sign(Buffer.from(text)))}`;
}

/** The claims of a JWT, whose signature is not checked. */
export function claimsOf(jwt: string): { readonly nats: Record<string, never> } & Record<string, string> {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString());
}

/** Options for a user; `lifetime` is in seconds. */
export interface UserOptions {
  readonly aud?: string;
  readonly lifetime?: number;
  /** A bearer token needs no signature. */
  readonly bearer?: boolean;
  readonly denied?: { readonly publish?: readonly string[]; readonly subscribe?: readonly string[] };
}

export function userJwt(account: KeyPair, user: string, options: UserOptions = {}): string {
  const { aud, lifetime, bearer = false, denied = {} } = options;
  return signed(account, {
    sub: user,
    name: "service",
    ...(aud !== undefined && { aud }),
    ...(lifetime !== undefined && { exp: now() + lifetime }),
    nats: {
      type: "user",
      ...unlimited,
      pub: { deny: denied.publish ?? [] },
      sub: { deny: denied.subscribe ?? [] },
      bearer_token: bearer,
    },
  });
}

/** The text of a creds file. */
export function credsOf(jwt: string, user: KeyPair): string {
  const section = (name: string, text: string) => `-----BEGIN ${name}-----\n${text}\n------END ${name}------\n`;
  return `${section("NATS USER JWT", jwt)}\n*** keep this secret ***\n\n${section("USER NKEY SEED", seedOf(user))}`;
}

/** An operator with one account, beside that of the system, as a server with a resolver in memory is configured. */
export class Operator {
  readonly #keys = nkeys.createOperator();
  readonly #system = nkeys.createAccount();
  readonly #jwt = signed(this.#keys, {
    sub: publicKey(this.#keys),
    name: "operator",
    nats: { type: "operator", system_account: publicKey(this.#system) },
  });

  /** @param claims more of the account, such as revoked users. */
  configuration(account: KeyPair, claims: Readonly<Record<string, unknown>> = {}): string {
    const system = publicKey(this.#system);
    const preload = `{ ${publicKey(account)}: ${this.#account(account, claims)}, ${system}: ${this.#account(this.#system)} }`;
    return `operator: ${this.#jwt}\nsystem_account: ${system}\nresolver: MEMORY\nresolver_preload: ${preload}\n`;
  }

  #account(account: KeyPair, claims: Readonly<Record<string, unknown>> = {}): string {
    const limits = { ...unlimited, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
    const nats = { type: "account", limits, default_permissions: { pub: {}, sub: {} }, ...claims };
    return signed(this.#keys, { sub: publicKey(account), name: "account", nats });
  }
}

/** A user of an account, and its creds. */
export function newUser(account: KeyPair, options: UserOptions = {}) {
  const keys = nkeys.createUser();
  const jwt = userJwt(account, publicKey(keys), options);
  return { keys, jwt, seed: seedOf(keys), creds: credsOf(jwt, keys) };
}
