import { MuoveError } from "@muove/contract";

/**
 * The value cannot be encoded. This is a programmer error, never a network problem.
 *
 * Nothing was sent. The alternative would be to drop parts of it silently, as `JSON.stringify` does.
 */
export class Unencodable extends MuoveError {
  override readonly name = "Unencodable";
  readonly code = "MUOVE_UNENCODABLE";

  /** What cannot be sent, and what to send instead if known. */
  readonly reason: string;

  /** The path to it in the value, outermost key first. Empty for the value itself. */
  readonly path: readonly (string | number)[];

  constructor(reason: string, path: readonly (string | number)[] = []) {
    super(`Cannot send ${path.length === 0 ? "this value" : written(path)}: ${reason}`);
    this.reason = reason;
    this.path = path;
  }
}

/** As in code: `.lines[3].price`. The path of a cycle has over a hundred steps, so it is cut. */
function written(path: readonly (string | number)[]): string {
  const steps = path.slice(0, 12).map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`));
  return steps.join("") + (path.length > 12 ? "…" : "");
}
