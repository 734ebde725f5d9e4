import { describe } from "@muove/contract/internal";

// docs/protocol.md, clause S-6.

/** Labels that senders can select an instance by: `{ region: "eu" }`. */
export type Tags = Readonly<Record<string, string>>;

/** An instance with `n` tags subscribes to `2 ** n - 1` subjects per message. */
export const maxTags = 4;

/** Part of a subject token, in which `=` and `,` separate tags. */
const form = /^[A-Za-z0-9_-]{1,64}$/;
const formInWords = "1 to 64 letters, digits, - and _ (it becomes part of a NATS subject)";

/** All problems with tags in one string, if there are any. */
export function tagsProblem(tags: unknown): string | undefined {
  if (typeof tags !== "object" || tags === null || Array.isArray(tags)) {
    return `must be an object such as { region: "eu" }, not ${describe(tags)}`;
  }
  const entries = Object.entries(tags);
  const problems = entries.flatMap(([key, value]) => [nameProblem(key), valueProblem(key, value)]);
  if (entries.length > maxTags)
    problems.unshift(`must be at most ${maxTags}, not ${entries.length}: every combination has its own subjects`);
  return problems.filter((problem) => problem !== undefined).join("; ") || undefined;
}

function nameProblem(key: string): string | undefined {
  return form.test(key) ? undefined : `has the name ${describe(key)} in it, which must be ${formInWords}`;
}

function valueProblem(key: string, value: unknown): string | undefined {
  if (typeof value === "string" && form.test(value)) return undefined;
  return `has ${describe(value)} for ${describe(key)}, which must be a string of ${formInWords}`;
}

/** The same tags, sorted by name and frozen. */
export function sortedTags(tags: Tags): Tags {
  return Object.freeze(Object.fromEntries(Object.entries(tags).sort(byName)));
}

/** Tags as one token of a subject: `region=eu,zone=a`, sorted by name. */
export function tagToken(tags: Tags): string {
  return Object.entries(tags)
    .sort(byName)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** The tokens that an instance with these tags subscribes to: one for every non-empty subset. */
export function tagTokens(tags: Tags): string[] {
  const choices: Tags[] = [{}];
  for (const [key, value] of Object.entries(tags)) {
    choices.push(...choices.map((choice) => ({ ...choice, [key]: value })));
  }
  return choices.slice(1).map(tagToken);
}

/** By code unit, so that every implementation sorts alike. */
function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
