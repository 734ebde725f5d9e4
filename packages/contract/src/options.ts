/** What one option must be. Returns what is wrong and what to do, or nothing. */
export type Rule = (value: unknown) => string | undefined;

/**
 * Holds options against their rules and returns all problems together; an unknown option is one. An option that is
 * `undefined` counts as left out.
 */
export function optionProblems(options: unknown, rules: Readonly<Record<string, Rule>>): string[] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    return [`the options must be an object, not ${describe(options)}`];
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) return [`"${name}" is not an option: known are ${Object.keys(rules).join(", ")}`];
    const problem = rule(value);
    return problem === undefined ? [] : [`${name} ${problem}`];
  });
}

/** A value in a few words, for error messages. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return typeof value === "function" ? "a function" : String(value);
}

/** The longest time a timer can hold: 2^31 - 1 ms, some 24 days. */
export const longestTime = 2 ** 31 - 1;

/** Rules that several doors share. */
export const rules = {
  milliseconds: (value: unknown) =>
    Number.isInteger(value) && (value as number) > 0 && (value as number) <= longestTime
      ? undefined
      : `must be a whole number of milliseconds from 1 to ${longestTime}, not ${describe(value)}`,
  /** A time as the SDK itself hands it out: `remaining` may be a fraction, nothing, or without end. */
  duration: (value: unknown) =>
    typeof value === "number" && value >= 0
      ? undefined
      : `must be a number of milliseconds from 0 up, not ${describe(value)}`,
  count: (value: unknown) =>
    Number.isInteger(value) && (value as number) > 0
      ? undefined
      : `must be a whole number from 1 up, not ${describe(value)}`,
  boolean: (value: unknown) =>
    typeof value === "boolean" ? undefined : `must be true or false, not ${describe(value)}`,
  string: (value: unknown) =>
    typeof value === "string" && value !== "" ? undefined : `must be a text that is not empty, not ${describe(value)}`,
} satisfies Record<string, Rule>;
