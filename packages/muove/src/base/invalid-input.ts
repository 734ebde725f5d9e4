import { type Issue, MuoveError } from "@muove/contract";
import { issuesInWords } from "@muove/contract/internal";

/**
 * What a message is about cannot be sent: its input breaks the contract, or its key cannot be one. Thrown before anything
 * is sent. The stack starts at the caller's line.
 */
export class InvalidInput extends MuoveError {
  override readonly name = "InvalidInput";
  readonly code = "MUOVE_INVALID_INPUT";
  readonly issues: readonly Issue[];

  /** @param why what is wrong, in words. */
  constructor(
    address: string,
    issues: readonly Issue[],
    options?: ErrorOptions,
    why = "its input breaks the contract",
  ) {
    super(`${address} was not sent because ${why}: ${issuesInWords(issues)}`, options);
    this.issues = issues;
  }
}
