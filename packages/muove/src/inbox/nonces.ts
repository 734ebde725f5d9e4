import { randomBytes } from "node:crypto";

/** Each character has six random bits: 66 bits in all, too many to guess. */
export const nonceLength = 11;
/** How many nonces are drawn at a time. Drawing each alone would cost as much as sending a message. */
const drawn = 1_024;

let pool = "";
let at = 0;

/** An unguessable string of {@link nonceLength} letters, digits, `-` and `_`. No two are the same. */
export function nonce(): string {
  if (at === pool.length) {
    pool = randomBytes((drawn * nonceLength * 6) / 8).toString("base64url");
    at = 0;
  }
  at += nonceLength;
  return pool.slice(at - nonceLength, at);
}
