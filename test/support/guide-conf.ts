// Reads the guide's nats.conf, so that tests use the permissions that the guide shows.

import { existsSync, readFileSync } from "node:fs";
import type { PermissionRules, User } from "@muove/broker";
import type { NatsConfig } from "@muove/testkit";

/** The subjects that a user of the guide may subscribe and publish to. */
export interface Rights {
  readonly subscribe: readonly string[];
  readonly publish: readonly string[];
}

export interface GuideUser extends Rights {
  readonly user: string;
  readonly pass: string;
}

type Value = string | readonly Value[] | { readonly [key: string]: Value };

/** Which configuration: that of the guide, or of the page about kept mail. */
type Page = "guide" | "mail";

/** Found from the source of this file, or from its build. */
const fileOf = (page: Page): URL =>
  ["../docs/", "../../docs/"]
    .map((docs) => new URL(`${docs}snippets/${page}/nats.conf`, import.meta.url))
    .find((candidate) => existsSync(candidate)) as URL;

/** The users of the guide, in its order. Throws if the file has something unknown, so that no test uses half of it. */
export const guideUsers = (): readonly GuideUser[] => usersIn("guide");

/** The users of the page about kept mail. */
export const mailUsers = (): readonly GuideUser[] => usersIn("mail");

function usersIn(page: Page): readonly GuideUser[] {
  const { authorization } = readConf(page) as { authorization: { users: readonly Value[] } };
  return authorization.users.map((value) => {
    const { user, password, permissions, ...others } = value as Record<string, Value>;
    const { subscribe, publish, ...more } = permissions as Record<string, { allow: string[] }>;
    const unknown = [...Object.keys(others), ...Object.keys(more)];
    const rules = [subscribe, publish].flatMap((rule) => Object.keys(rule ?? {}).filter((key) => key !== "allow"));
    if (!subscribe || !publish || unknown.length + rules.length > 0)
      throw new Error(`the nats.conf of ${page} has something that tests do not know: ${[...unknown, ...rules]}`);
    return { user: String(user), pass: String(password), subscribe: subscribe.allow, publish: publish.allow };
  });
}

/** One user of the guide. */
export function guideUser(name: string): GuideUser {
  const found = guideUsers().find(({ user }) => user === name);
  if (found === undefined) throw new Error(`the guide's nats.conf has no user ${name}`);
  return found;
}

/** A user in the form of the kit's options. */
export function toUser({ user, pass, subscribe, publish }: GuideUser): User {
  const permissions: PermissionRules = { subscribe: { allow: subscribe }, publish: { allow: publish } };
  return { user, pass, permissions };
}

/** The guide's configuration for a NATS of the kit, with further users. */
export function guideConfig(more: readonly User[] = [], users = guideUsers()): NatsConfig {
  const { ping_interval, ping_max } = readConf("guide") as { ping_interval: string; ping_max: string };
  const pingInterval = 1_000 * Number(/^(\d+)s$/.exec(ping_interval)?.[1]);
  return { pingInterval, maxPingsOut: Number(ping_max), auth: { users: [...users.map(toUser), ...more] } };
}

/** Reads the part of nats-server's configuration language that the guide uses. */
function readConf(page: Page): { readonly [key: string]: Value } {
  const text = readFileSync(fileOf(page), "utf8");
  const tokens = [...text.matchAll(/#.*|"([^"\\]*)"|[{}[\],:=]|[^\s{}[\],:="#]+/g)]
    .map(([token, quoted]) => quoted ?? token)
    .filter((token) => !token.startsWith("#") && token !== "," && token !== ":" && token !== "=");
  const next = (): string => {
    const token = tokens.shift();
    if (token === undefined) throw new Error(`the nats.conf of ${page} ends early`);
    return token;
  };
  const value = (token = next()): Value => (token === "{" ? map() : token === "[" ? list() : token);
  const list = (): Value[] => {
    const items: Value[] = [];
    for (let token = next(); token !== "]"; token = next()) items.push(value(token));
    return items;
  };
  const map = (end = "}"): { [key: string]: Value } => {
    const entries: { [key: string]: Value } = {};
    for (let token = next(); token !== end; token = next()) entries[token] = value();
    return entries;
  };
  tokens.push("end of file");
  return map("end of file");
}
