import { MuoveError } from "@muove/contract";

/** Options or handlers are invalid. Thrown at once, with every problem found, before anything is sent. */
export class InvalidOptions extends MuoveError {
  override readonly name = "InvalidOptions";
  readonly code = "MUOVE_INVALID_OPTIONS";
  readonly problems: readonly string[];

  constructor(what: string, problems: readonly string[]) {
    super(`${what} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}
