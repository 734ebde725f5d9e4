import { MuoveError } from "@muove/contract";

/**
 * The value cannot go on the wire as it is: a mistake of the program that sends it, never of the network.
 *
 * Nothing was sent. The alternative would be to leave something out without a word, as `JSON.stringify` does.
 */
export class Unencodable extends MuoveError {
  readonly code = "MUOVE_UNENCODABLE";

  /** What cannot be sent, and what to send instead where that is known. */
  readonly reason: string;

  /** Where in the value it stands, outermost first; empty for the value itself. */
  readonly path: readonly (string | number)[];

  constructor(reason: string, path: readonly (string | number)[] = []) {
    super(`Cannot send ${path.length === 0 ? "this value" : written(path)}: ${reason}`);
    this.reason = reason;
    this.path = path;
  }
}

/** As it would be written in code: `.lines[3].price`. A cycle's path has over a hundred steps, so it is cut. */
function written(path: readonly (string | number)[]): string {
  const steps = path.slice(0, 12).map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
  return steps.join("") + (path.length > 12 ? "…" : "");
}
