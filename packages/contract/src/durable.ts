import { describe, optionProblems, type Rule } from "./options.js";

/** What the contract says of a durable cast. */
export interface Durable {
  /** How often its handler is tried, in all, before the letter becomes a dead letter. */
  readonly tries: number;
}

export interface DurableOptions {
  /**
   * How often a letter is tried, in all, from 1 to 1,000. After each failure it is put aside: for 1 s, 5 s, 30 s, 2 min,
   * 10 min, 1 h, and then 6 h each time. After the last one it is a dead letter. Default 8, which takes about 7 hours.
   */
  readonly tries?: number;
}

const defaultTries = 8;
const mostTries = 1_000;

const tries: Rule = (value) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= mostTries
    ? undefined
    : `must be a whole number from 1 to ${mostTries}, not ${describe(value)}`;

/** The problem with the option `durable` of a cast, if there is one. */
export const durableProblem: Rule = (value) => {
  if (typeof value === "boolean") return undefined;
  if (typeof value !== "object" || value === null) return `must be true, false or { tries }, not ${describe(value)}`;
  const problems = optionProblems(value, { tries });
  return problems.length === 0 ? undefined : `is wrong: ${problems.join("; ")}`;
};

/** The problem with the field `durable` of a definition, where every figure is there. */
export const durableFieldProblem: Rule = (value) => {
  const problem = typeof value === "boolean" ? `must be { tries }, not ${value}` : durableProblem(value);
  return problem ?? (tries((value as Durable).tries) && "must have its tries");
};

export function durableOf(option: boolean | DurableOptions | undefined): Durable | undefined {
  if (option === undefined || option === false) return undefined;
  const { tries = defaultTries } = option === true ? {} : option;
  return Object.freeze({ tries });
}
