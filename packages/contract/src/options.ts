/** Checks one option. Returns the problem and what to do about it, or nothing. */
export type Rule = (value: unknown) => string | undefined;

/**
 * Checks options and returns all problems; an unknown option is one. An option that is `undefined` counts as omitted.
 */
export function optionProblems(options: unknown, rules: Readonly<Record<string, Rule>>): string[] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return [`the options must be an object, not ${describe(options)}`];
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) return [`"${name}" is not an option: the options are ${Object.keys(rules).join(", ")}`];
    const problem = rule(value);
    return problem === undefined ? [] : [`${name} ${problem}`];
  });
}

/** Describes a value for error messages. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

/** The longest delay of a timer: 2^31 - 1 ms, about 24 days. */
export const maxTimerDelay = 2 ** 31 - 1;

/** Common rules. */
export const rules = {
  milliseconds: (value: unknown) =>
    Number.isInteger(value) && (value as number) > 0 && (value as number) <= maxTimerDelay
      ? undefined
      : `must be a whole number of milliseconds from 1 to ${maxTimerDelay}, not ${describe(value)}`,
  /** A duration as the SDK returns it: `remaining` may be a fraction, 0 or infinite. */
  duration: (value: unknown) =>
    typeof value === "number" && value >= 0
      ? undefined
      : `must be a number of milliseconds, 0 or more, not ${describe(value)}`,
  count: (value: unknown) =>
    Number.isInteger(value) && (value as number) > 0
      ? undefined
      : `must be a whole number of at least 1, not ${describe(value)}`,
  boolean: (value: unknown) =>
    typeof value === "boolean" ? undefined : `must be true or false, not ${describe(value)}`,
  function: (value: unknown) =>
    typeof value === "function" ? undefined : `must be a function, not ${describe(value)}`,
  string: (value: unknown) =>
    typeof value === "string" && value !== "" ? undefined : `must be a non-empty string, not ${describe(value)}`,
} satisfies Record<string, Rule>;
