const brand = Symbol.for("muove.error");

/**
 * The base class of every error that Muove throws. Only programmer errors are thrown; failures of other services are
 * returned as outcomes.
 *
 * - `code` is stable across releases (`MUOVE_…`); match on it, not on the message.
 * - `name` is the class's own name.
 */
export abstract class MuoveError extends Error {
  abstract readonly code: `MUOVE_${string}`;
  /** Written out in every class: a minifier renames classes. */
  abstract override readonly name: string;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    Object.defineProperty(this, brand, { value: true });
  }
}

/**
 * Whether a thrown value is a Muove error. Unlike `instanceof`, it recognises errors of a second copy of the package.
 */
export function isMuoveError(thrown: unknown): thrown is MuoveError {
  return typeof thrown === "object" && thrown !== null && brand in thrown;
}
