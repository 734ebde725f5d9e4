import { MuoveError } from "./error.js";

/**
 * An invalid contract. Thrown by `mailbox()`, `call()`, `cast()` and `event()` with every problem, not only the first.
 */
export class InvalidContract extends MuoveError {
  override readonly name = "InvalidContract";
  readonly code = "MUOVE_INVALID_CONTRACT";
  readonly problems: readonly string[];

  constructor(what: string, problems: readonly string[]) {
    super(`${what} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}
