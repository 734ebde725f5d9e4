import { describe } from "./options.js";

/**
 * Names that no message can have, because messages are methods of a client: `then` would make a client look like a
 * promise, the others would hide members of every JavaScript object or properties that tools probe for.
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

/** One token of a NATS subject that is also a valid NATS service name, and an identifier in logs and metrics. */
const token = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const errorCode = /^[A-Z][A-Z0-9_]{0,63}$/;
/** The expression of semver.org; tools of the NATS service API refuse other versions. */
const semver =
  /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*)?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

const tokenForm = "1 to 64 letters, digits, - and _, starting with a letter (it becomes one token of a NATS subject)";

/** The problem with the name of a mailbox, service or message, if there is one. */
export function nameProblem(what: string, name: unknown): string | undefined {
  if (typeof name === "string" && token.test(name)) return undefined;
  return `${what} ${describe(name)} must be ${tokenForm}`;
}

export function messageNameProblem(name: string): string | undefined {
  if (!reserved.has(name)) return nameProblem("the message name", name);
  return `the message name ${describe(name)} is a member of every JavaScript object: choose another`;
}

export function errorCodeProblem(code: string): string | undefined {
  if (errorCode.test(code)) return undefined;
  const form = "1 to 64 capitals, digits and _, starting with a capital, such as SOLD_OUT";
  return `the error code ${describe(code)} must be ${form}`;
}

export function versionProblem(version: unknown): string | undefined {
  if (typeof version === "string" && semver.test(version)) return undefined;
  return `must be a semantic version such as "1.2.0", not ${describe(version)}`;
}
