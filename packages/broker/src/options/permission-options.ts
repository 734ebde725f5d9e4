import type { PermissionRules, ResponseRules, SubjectRules } from "../access/rules.js";
import { isValid } from "../subjects/subjects.js";
import type { Problems } from "./problems.js";

const largest = 2 ** 31 - 1;

/** An object with that property, or an empty one if the value is undefined. */
const optional = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { [P in K]?: V };

/** Checks permissions and copies them, so that later changes by the caller have no effect. */
export function permissionRules(where: string, value: unknown, problems: Problems): PermissionRules | undefined {
  if (value === undefined) return undefined;
  const given = problems.record(where, value, ["publish", "subscribe", "allowResponses"]);
  if (given === undefined) return undefined;
  const { publish, subscribe, allowResponses } = given;
  return Object.freeze({
    ...optional("publish", subjectRules(`${where}.publish`, publish, false, problems)),
    ...optional("subscribe", subjectRules(`${where}.subscribe`, subscribe, true, problems)),
    ...optional("allowResponses", responseRules(`${where}.allowResponses`, allowResponses, problems)),
  });
}

function subjectRules(where: string, value: unknown, queues: boolean, problems: Problems): SubjectRules | undefined {
  if (value === undefined) return undefined;
  const given = problems.record(where, value, ["allow", "deny"]);
  if (given === undefined) return undefined;
  const { allow, deny } = given;
  // nats-server treats an empty list in its configuration as no list, and so allows everything.
  if (Array.isArray(allow) && allow.length === 0) {
    problems.add(`${where}.allow must not be empty; leave it out to allow everything, or deny [">"] to allow nothing`);
  }
  return Object.freeze({
    ...optional("allow", subjects(`${where}.allow`, allow, queues, problems)),
    ...optional("deny", subjects(`${where}.deny`, deny, queues, problems)),
  });
}

function subjects(where: string, value: unknown, queues: boolean, problems: Problems): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    problems.add(`${where} must be an array of subjects`);
    return undefined;
  }
  for (const [i, subject] of value.entries()) {
    if (!isRule(subject, queues))
      problems.add(
        `${where}[${i}] must be a subject${queues ? ", or a subject and a queue group" : ""}, such as "orders.>"`,
      );
  }
  return Object.freeze([...value]);
}

function isRule(value: unknown, queues: boolean): boolean {
  if (typeof value !== "string") return false;
  const words = value.trim().split(/\s+/);
  return words.length <= (queues ? 2 : 1) && isValid(words[0] ?? "");
}

function responseRules(where: string, value: unknown, problems: Problems): boolean | ResponseRules | undefined {
  if (value === undefined || typeof value === "boolean") return value;
  const given = problems.record(where, value, ["max", "expires"]);
  if (given === undefined) return undefined;
  const { max, expires } = given;
  return Object.freeze({
    ...(max !== undefined && { max: problems.integer(`${where}.max`, max, -1, largest) }),
    ...(expires !== undefined && { expires: problems.integer(`${where}.expires`, expires, -1, largest) }),
  });
}
