import type { Auth, User } from "../access/authenticator.js";
import { permissionRules } from "./permission-options.js";
import type { Problems } from "./problems.js";

const everybody: Auth = Object.freeze({ kind: "none" });

/** Checks the `auth` option. */
export function authOptions(value: unknown, problems: Problems): Auth {
  if (value === undefined) return everybody;
  const given = problems.record("auth", value, ["user", "pass", "permissions", "token", "users"]);
  if (given === undefined) return everybody;
  const ways = ["user", "token", "users"].filter((way) => given[way] !== undefined);
  if (ways.length !== 1) {
    problems.add("auth must have either user and pass, or token, or users");
    return everybody;
  }
  const { token, users } = given;
  if (token !== undefined) return Object.freeze({ kind: "token", token: problems.string("auth.token", token) });
  if (users !== undefined) return severalUsers(users, problems);
  return byName([user("auth", given, problems)]);
}

function severalUsers(value: unknown, problems: Problems): Auth {
  if (!Array.isArray(value) || value.length === 0) {
    problems.add("auth.users must be an array of at least one user");
    return everybody;
  }
  const list = value.map((item: unknown, i) => {
    const given = problems.record(`auth.users[${i}]`, item, ["user", "pass", "permissions"]);
    return user(`auth.users[${i}]`, given ?? {}, problems);
  });
  const twice = list.find(({ user: name }, i) => name !== "" && list.findIndex((other) => other.user === name) < i);
  if (twice !== undefined) problems.add(`auth.users has ${twice.user} twice`);
  return byName(list);
}

function user(where: string, given: Record<string, unknown>, problems: Problems): User {
  const { user: name, pass, permissions: rules } = given;
  const permissions = permissionRules(`${where}.permissions`, rules, problems);
  return Object.freeze({
    user: problems.string(`${where}.user`, name),
    pass: problems.string(`${where}.pass`, pass),
    ...(permissions && { permissions }),
  });
}

const byName = (list: readonly User[]): Auth =>
  Object.freeze({ kind: "users", users: new Map(list.map((item) => [item.user, item])) });
