import { type Issue, MuoveError } from "@muove/contract";
import { issuesInWords } from "@muove/contract/internal";

/** The metadata of a message breaks the schema of this bus. Thrown before anything is sent. */
export class InvalidMetadata extends MuoveError {
  override readonly name = "InvalidMetadata";
  readonly code = "MUOVE_INVALID_METADATA";
  readonly issues: readonly Issue[];

  constructor(address: string, issues: readonly Issue[]) {
    super(`${address} was not sent because its metadata breaks the schema of this bus: ${issuesInWords(issues)}`);
    this.issues = issues;
  }
}
