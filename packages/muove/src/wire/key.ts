import { maxKeyBytes } from "../address/address.js";

// docs/protocol.md, clause H-6.

/** Percent-encoding makes three characters of a byte at most. */
const keyForm = /^[\x21-\x7e]{1,768}$/;

/** A key as the value of a header. */
export const writtenKey = (key: string): string => encodeURIComponent(key.toWellFormed());

/** A key from the value of a header; `undefined` if that is none. */
export function readKey(value: string | undefined): string | undefined {
  if (value === undefined || !keyForm.test(value)) return undefined;
  try {
    const key = decodeURIComponent(value);
    return Buffer.byteLength(key) <= maxKeyBytes ? key : undefined;
  } catch {
    return undefined;
  }
}
