import { type Issue, MuoveError } from "@muove/contract";
import { issuesInWords } from "@muove/contract/internal";

/** The caller's input breaks the contract. Thrown before anything is sent. The stack starts at the caller's line. */
export class InvalidInput extends MuoveError {
  override readonly name = "InvalidInput";
  readonly code = "MUOVE_INVALID_INPUT";
  readonly issues: readonly Issue[];

  constructor(address: string, issues: readonly Issue[], options?: ErrorOptions) {
    super(`${address} was not sent because its input breaks the contract: ${issuesInWords(issues)}`, options);
    this.issues = issues;
  }
}
