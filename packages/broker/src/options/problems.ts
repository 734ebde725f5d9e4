/** Collects all problems of options, to report them together. */
export class Problems {
  readonly list: string[] = [];

  add(problem: string): void {
    this.list.push(problem);
  }

  /** Returns a plain object with only known names, or undefined and adds a problem. */
  record(where: string, value: unknown, names: readonly string[]): Record<string, unknown> | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.add(`${where} must be an object, not ${show(value)}`);
      return undefined;
    }
    for (const name of Object.keys(value)) {
      if (!names.includes(name)) this.add(`${where} has no ${name}; it may have ${names.join(", ")}`);
    }
    return value as Record<string, unknown>;
  }

  string(where: string, value: unknown): string {
    if (typeof value === "string" && value !== "") return value;
    this.add(`${where} must be a non-empty string, not ${show(value)}`);
    return "";
  }

  integer(where: string, value: unknown, least: number, most: number): number {
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    this.add(`${where} must be a whole number from ${least} to ${most}, not ${show(value)}`);
    return least;
  }
}

/** Describes a value in a message, without repeating possible secrets. */
export function show(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === undefined || value === null) return String(value);
  if (value === "") return "an empty one";
  return Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
