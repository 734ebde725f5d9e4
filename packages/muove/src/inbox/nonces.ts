import { randomBytes } from "node:crypto";

/** So many characters of six random bits each: 66 bits, which nobody finds by trying. */
export const nonceLength = 11;
/** So many are drawn at a time: one at a time would cost as much as the sending. */
const drawn = 1_024;

let pool = "";
let at = 0;

/** A text that nobody can guess: {@link nonceLength} letters, digits, `-` and `_`. No two are the same. */
export function nonce(): string {
  if (at === pool.length) {
    pool = randomBytes((drawn * nonceLength * 6) / 8).toString("base64url");
    at = 0;
  }
  at += nonceLength;
  return pool.slice(at - nonceLength, at);
}
