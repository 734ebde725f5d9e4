import { Malformed } from "./malformed.js";
import { uint32 } from "./numbers.js";

/** MessagePack's own timestamp extension type. */
export const timestampType = -1;

/** The content of a timestamp: 4 bytes for a whole second up to 2106, 8 bytes up to 2514, 12 for any other. */
export function timestampBytes(date: Date): Uint8Array {
  const time = date.getTime();
  const seconds = Math.floor(time / 1000);
  const nanoseconds = (time - seconds * 1000) * 1_000_000;
  const [high, low] = [Math.floor(seconds / 2 ** 32), seconds >>> 0];
  if (high === 0 && nanoseconds === 0) return bytesOf([low]);
  if (high >= 0 && high < 4) return bytesOf([nanoseconds * 4 + high, low]);
  return bytesOf([nanoseconds, high, low]);
}

/** Of 32 bits each. */
function bytesOf(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word);
  return bytes;
}

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
