import { type Issue, MuoveError } from "@muove/contract";
import { issuesInWords } from "@muove/contract/internal";

/**
 * The caller's own input breaks the contract. Thrown before anything is sent; its stack starts at the caller's line.
 */
export class InvalidInput extends MuoveError {
  readonly code = "MUOVE_INVALID_INPUT";
  readonly issues: readonly Issue[];

  constructor(address: string, issues: readonly Issue[], options?: ErrorOptions) {
    super(`${address} was not sent, its input is not what the contract asks for: ${issuesInWords(issues)}`, options);
    this.issues = issues;
  }
}
