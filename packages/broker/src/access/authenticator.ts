import { createHash, timingSafeEqual } from "node:crypto";
import type { ClientOptions } from "../wire/client-options.js";
import type { PermissionRules } from "./rules.js";

/** A user of the broker. */
export interface User {
  readonly user: string;
  readonly pass: string;
  /** Default: the broker's `permissions`; if there are none, everything is allowed. */
  readonly permissions?: PermissionRules;
}

/** Who may connect. */
export type Auth =
  | { readonly kind: "none" }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "users"; readonly users: ReadonlyMap<string, User> };

/** Whether a client may connect, and its rules. No rules means that everything is allowed. */
export type Verdict = { readonly ok: false } | { readonly ok: true; readonly rules: PermissionRules | undefined };

const refused: Verdict = { ok: false };
const accepted: Verdict = { ok: true, rules: undefined };

/** Checks a client's CONNECT. Without `auth`, any credentials are accepted. */
export function authenticate(auth: Auth, client: ClientOptions): Verdict {
  if (auth.kind === "none") return accepted;
  if (auth.kind === "token") return same(auth.token, client.auth_token) ? accepted : refused;
  const user = auth.users.get(client.user);
  if (user === undefined || !same(user.pass, client.pass)) return refused;
  return { ok: true, rules: user.permissions };
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compares secrets in constant time. */
const same = (secret: string, given: string): boolean => timingSafeEqual(digest(secret), digest(given));
