import { MuoveError } from "./error.js";

/** A contract that cannot be used: thrown by `mailbox()`, `call()` and `cast()` with every problem found, not only the first. */
export class InvalidContract extends MuoveError {
  readonly code = "MUOVE_INVALID_CONTRACT";
  readonly problems: readonly string[];

  constructor(what: string, problems: readonly string[]) {
    super(`${what} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}
