import { describe } from "@muove/contract/internal";

/** What is wrong with a value that must be a bus, also one of another copy of this package. */
export function busProblems(value: unknown): string[] {
  const methods = ["serve", "to", "on", "close"];
  const fits =
    typeof value === "object" &&
    value !== null &&
    methods.every((name) => typeof (value as Record<string, unknown>)[name] === "function");
  return fits ? [] : [`the bus must come from connect(), not be ${describe(value)}`];
}
