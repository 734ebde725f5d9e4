import { type Issue, MuoveError } from "@muove/contract";
import { issuesInWords } from "@muove/contract/internal";

/** The metadata of a message breaks the schema of this bus, or there is too much. Thrown before anything is sent. */
export class InvalidMetadata extends MuoveError {
  override readonly name = "InvalidMetadata";
  readonly code = "MUOVE_INVALID_METADATA";
  readonly issues: readonly Issue[];

  /** @param why what is wrong, in words. */
  constructor(address: string, issues: readonly Issue[], why = "its metadata breaks the schema of this bus") {
    super(`${address} was not sent because ${why}: ${issuesInWords(issues)}`);
    this.issues = issues;
  }
}
