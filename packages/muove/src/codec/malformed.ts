/**
 * The bytes are not a valid payload. Nothing of them was used.
 *
 * {@link decode} throws this and nothing else. The message says what is wrong and never repeats the bytes, so it is
 * safe to log and to send back.
 */
export class Malformed extends Error {
  override readonly name = "Malformed";

  /** What is wrong, in a few words that are stable across releases. */
  readonly reason: string;

  /** @param at the offset of the byte where the problem was found, if known */
  constructor(reason: string, at?: number, options?: ErrorOptions) {
    super(`Not a payload: ${reason}${at === undefined ? "" : ` (at byte ${at})`}`, options);
    this.reason = reason;
  }
}

export const inexact = "an integer that a number cannot hold exactly; send a bigint or a string";
