import { Malformed } from "./malformed.js";
import { uint32 } from "./numbers.js";

/** MessagePack's own timestamp extension type. */
export const timestampType = -1;

/**
 * Reads a timestamp of 4, 8 or 12 bytes at `at`. The caller checks that the bytes are there. Nanoseconds are rounded
 * down to milliseconds, so that an instant never moves into the next second. A `Date` covers 100 million days before
 * and after 1970 (ECMA-262, "time values"); anything beyond is refused.
 */
export function timestampAt(bytes: Uint8Array, at: number, length: number): Date {
  switch (length) {
    case 4:
      return instant(uint32(bytes, at), 0, at);
    case 8: {
      const high = uint32(bytes, at);
      return instant((high & 0b11) * 2 ** 32 + uint32(bytes, at + 4), high >>> 2, at);
    }
    case 12:
      return instant((uint32(bytes, at + 4) | 0) * 2 ** 32 + uint32(bytes, at + 8), uint32(bytes, at), at);
    default:
      throw new Malformed("a timestamp that is not 4, 8 or 12 bytes long", at);
  }
}

function instant(seconds: number, nanoseconds: number, at: number): Date {
  if (nanoseconds > 999_999_999) throw new Malformed("a timestamp with a second or more of nanoseconds", at);
  const date = new Date(seconds * 1000 + Math.floor(nanoseconds / 1_000_000));
  if (Number.isNaN(date.getTime())) throw new Malformed("a timestamp beyond what a date can hold", at);
  return date;
}
