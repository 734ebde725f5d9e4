/**
 * The bytes are no payload: nothing of them was used, and nothing of them may be.
 *
 * Only {@link decode} throws it, and it throws nothing else. It names what is wrong and never repeats the bytes, so
 * that it can be logged and sent back to whoever sent them.
 */
export class Malformed extends Error {
  override readonly name = "Malformed";

  /** What is wrong, in a few words that stay the same from one release to the next. */
  readonly reason: string;

  /** @param at the byte at which it was noticed, where that is known */
  constructor(reason: string, at?: number, options?: ErrorOptions) {
    super(`Not a payload: ${reason}${at === undefined ? "" : ` (at byte ${at})`}`, options);
    this.reason = reason;
  }
}
