import { callRules } from "./call.js";
import { castRules } from "./cast.js";
import { messageNameProblem } from "./names.js";
import { oneWayRules } from "./one-way.js";
import { describe, type Rule } from "./options.js";

/** Problems with the names and definitions of a mailbox's messages. */
export function messagesProblems(messages: unknown): string[] {
  if (typeof messages !== "object" || messages === null)
    return ["its messages must be an object of call(), cast() and event()"];
  const entries = Object.entries(messages);
  if (entries.length === 0) return ["it has no message: add at least one call(), cast() or event()"];
  return entries.flatMap(([name, message]) => messageProblems(name, message));
}

export function messageProblems(name: string, message: unknown): string[] {
  const problem = messageNameProblem(name);
  return [...(problem === undefined ? [] : [problem]), ...definitionProblems(name, message)];
}

const rulesOf = new Map<unknown, Readonly<Record<string, Rule>>>([
  ["call", callRules],
  ["cast", castRules],
  ["event", oneWayRules],
]);
const optional: ReadonlySet<string> = new Set(["input", "output", "handlerTimeout", "durable"]);

function definitionProblems(name: string, message: unknown): string[] {
  const fields = (message ?? {}) as Readonly<Record<string, unknown>>;
  const rules = rulesOf.get(fields.kind);
  if (rules === undefined) return [`${name} must be a call(), cast() or event(), not ${describe(message)}`];
  return Object.entries(rules).flatMap(([field, rule]) => {
    const value = fields[field];
    const problem = value === undefined && optional.has(field) ? undefined : rule(value);
    return problem === undefined ? [] : [`${name} is not a valid ${fields.kind}(): ${field} ${problem}`];
  });
}
