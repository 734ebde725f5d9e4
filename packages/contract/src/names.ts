import { describe } from "./options.js";

/**
 * Names that cannot be a message's, because a client object carries its messages as methods: `then` would make it look
 * like a promise to `await`, the others would hide what every JavaScript object has or what tools probe for.
 */
export const reservedNames = [
  "then",
  "catch",
  "finally",
  "constructor",
  "prototype",
  "toString",
  "toLocaleString",
  "toJSON",
  "valueOf",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "inspect",
  "asymmetricMatch",
  "nodeType",
  "tagName",
] as const;

export type ReservedName = (typeof reservedNames)[number];

const reserved: ReadonlySet<string> = new Set(reservedNames);

/** One token of a NATS subject that also makes a fine identifier in logs and metrics, and a NATS service's name. */
const token = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const errorCode = /^[A-Z][A-Z0-9_]{0,63}$/;
/** As semver.org has it; tools of the NATS service API refuse whatever says another version. */
const semver =
  /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

const tokenForm = "1 to 64 letters, digits, - and _, starting with a letter (it becomes one token of a NATS subject)";

/** What is wrong with a mailbox's, a service's or a message's name; nothing when it is fine. */
export function nameProblem(what: string, name: unknown): string | undefined {
  if (typeof name === "string" && token.test(name)) return undefined;
  return `${what} ${describe(name)} must be ${tokenForm}`;
}

export function messageNameProblem(name: string): string | undefined {
  if (!reserved.has(name)) return nameProblem("the message name", name);
  return `the message name ${describe(name)} is taken by JavaScript objects themselves: choose another`;
}

export function errorCodeProblem(code: string): string | undefined {
  if (errorCode.test(code)) return undefined;
  return `the error code ${describe(code)} must be 1 to 64 capitals, digits and _, starting with a capital, such as SOLD_OUT`;
}

export function versionProblem(version: unknown): string | undefined {
  if (typeof version === "string" && semver.test(version)) return undefined;
  return `must be a semantic version such as "1.2.0", not ${describe(version)}`;
}
