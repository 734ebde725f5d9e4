/** What a handler made of a letter, or what became of the letter without it. */
export type LetterEnding =
  /** The handler is done with it. */
  | { readonly kind: "handled" }
  /** The handler threw, or took too long: it is tried again, or dead. */
  | { readonly kind: "failed"; readonly error: string }
  /** It breaks the contract of this instance, or is `unreadable` for every one. */
  | { readonly kind: "rejected" | "unreadable"; readonly error: string }
  /** A step around its handler refused it, as where its metadata does not prove who sent it. */
  | { readonly kind: "refused"; readonly error: string }
  /** This service shuts down, and did not wait for the handler. */
  | { readonly kind: "interrupted" }
  | Disposition;

/** What a handler says of a letter that it is not done with. */
export type Disposition =
  | { readonly kind: "buried"; readonly error: string }
  /** @param delay in ms. */
  | { readonly kind: "later"; readonly delay: number };

/** A letter that this instance holds. */
export interface HeldLetter {
  readonly id: string;
  /** Which try this is; the first is 1. */
  readonly attempt: number;
  /** In ms since the epoch. */
  readonly sentAt: number;
  /** In the stream. */
  readonly sequence: number;
  /** Its handler begins. `handling` can be told that the letter is lost to another instance. */
  begun(handling: { lose(): void }): void;
  /** Ends the holding. Only the first call counts. */
  ended(ending: LetterEnding): void;
}

const mark: unique symbol = Symbol.for("muove.letter-disposition");

/** What `ctx.bury()` and `ctx.later()` make, for a handler to return or to throw. */
export class LetterDisposition {
  readonly [mark]: Disposition;

  /** @internal */
  constructor(disposition: Disposition) {
    this[mark] = disposition;
  }
}

/** The disposition in what a handler returned or threw; `undefined` if it is none. It may be a proxy that throws. */
export function dispositionIn(value: unknown): Disposition | undefined {
  try {
    return typeof value === "object" && value !== null ? (value as Partial<LetterDisposition>)[mark] : undefined;
  } catch {
    return undefined;
  }
}

const maxError = 512;

/** The text of an error, for the log of a dead letter: one line. */
export function errorText(error: unknown): string {
  try {
    const { name, message } = error as { readonly name?: unknown; readonly message?: unknown };
    const text =
      typeof message === "string" ? `${typeof name === "string" ? name : "Error"}: ${message}` : String(error);
    return text.slice(0, maxError);
  } catch {
    return "a value that cannot be read";
  }
}
