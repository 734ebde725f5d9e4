const brand = Symbol.for("muove.error");

/**
 * The base of every error that Muove throws. Muove throws for the programmer's own mistakes only; what happens to other
 * services comes back as an outcome.
 *
 * - `code` is stable across releases (`MUOVE_…`); match on it, not on the message.
 * - `name` is the class's own name.
 */
export abstract class MuoveError extends Error {
  abstract readonly code: `MUOVE_${string}`;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether a thrown value is Muove's; it also recognises errors from a second copy of the package, unlike `instanceof`. */
export function isMuoveError(thrown: unknown): thrown is MuoveError {
  return typeof thrown === "object" && thrown !== null && brand in thrown;
}
