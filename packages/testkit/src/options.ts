import { describe, optionProblems, type Rule, rules } from "@muove/contract/internal";
import { TestkitError } from "./errors.js";

/**
 * Checks options against rules.
 *
 * @param more problems of several options together.
 * @throws TestkitError MUOVE_TESTKIT_INVALID_OPTIONS, which lists every problem.
 */
export function check(
  door: string,
  options: unknown,
  known: Readonly<Record<string, Rule>>,
  more: readonly (string | false | undefined)[] = [],
): void {
  const problems = [...optionProblems(options, known), ...more.filter((problem) => typeof problem === "string")];
  if (problems.length === 0) return;
  const list = problems.map((problem) => `\n  - ${problem}`).join("");
  throw new TestkitError("MUOVE_TESTKIT_INVALID_OPTIONS", `The options of ${door} cannot be used:${list}`);
}

const when = (fits: boolean, must: string, value: unknown): string | undefined =>
  fits ? undefined : `must be ${must}, not ${describe(value)}`;

/** Rules shared by several functions. */
export const rule = {
  ...rules,
  natsUrl: (value: unknown) => when(isNatsUrl(value), 'a URL such as "nats://127.0.0.1:4222"', value),
  port: (value: unknown) => when(whole(value, 1, 65_535), "a port from 1 to 65535", value),
  function: (value: unknown) => when(typeof value === "function", "a function", value),
  regExp: (value: unknown) => when(value instanceof RegExp, "a regular expression", value),
  signal: (value: unknown) => when(value instanceof AbortSignal, "an AbortSignal", value),
  texts: (value: unknown) =>
    when(Array.isArray(value) && value.every((text) => typeof text === "string"), "an array of texts", value),
  record: (value: unknown) => when(typeof value === "object" && value !== null, "an object", value),
  integer: (value: unknown) => when(Number.isInteger(value), "a whole number", value),
  subject: (value: unknown) =>
    when(
      typeof value === "string" && /^[^\s.*>]+(\.[^\s.*>]+)*$/.test(value),
      "a subject to publish to: no spaces, no wildcards",
      value,
    ),
  oneOf:
    (...choices: readonly unknown[]): Rule =>
    (value) =>
      when(choices.includes(value), choices.map((choice) => JSON.stringify(choice)).join(" or "), value),
};

const whole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

function isNatsUrl(value: unknown): boolean {
  return typeof value === "string" && URL.canParse(value) && new URL(value).protocol === "nats:";
}
