import { Malformed } from "./malformed.js";
import { uint32 } from "./numbers.js";

// docs/protocol.md, clause P-E. MessagePack's extension types for what it has no type for. The bigint's type and form
// are msgpackr's. Its sets are two values in a row, which other readers cannot follow, so these have a form of their own.

/** A whole number of any size: two's complement, the highest byte first. */
export const bigintType = 0x42;
/** An array of keys and values by turns. */
export const mapType = 0x6d;
/** An array of members. */
export const setType = 0x73;

/** Enough for any key of a cipher. Longer ones would make printing and calculating with them slow. */
export const maxBigintBytes = 1_024;

const sign = 0x80;

/** The shortest form. */
export function bytesOfBigint(value: bigint): Uint8Array {
  const magnitude = (value < 0n ? ~value : value).toString(16);
  const even = magnitude.length % 2 === 0 ? magnitude : `0${magnitude}`;
  const bytes = Buffer.from(Number.parseInt(even.slice(0, 2), 16) < sign ? even : `00${even}`, "hex");
  return value < 0n ? inverted(bytes) : bytes;
}

/** Reads a bigint of `length` bytes at `at`. The caller checks that the bytes are there. */
export function bigintAt(bytes: Uint8Array, at: number, length: number): bigint {
  if (length === 0 || length > maxBigintBytes)
    throw new Malformed(`a bigint that is not 1 to ${maxBigintBytes} bytes long`, at);
  if (length <= narrow) return BigInt(integerAt(bytes, at, length));
  if (length <= wide) return wordsAt(bytes, at, length);
  const own = bytes.subarray(at, at + length);
  return (own[0] as number) < sign ? BigInt(`0x${hex(own)}`) : ~BigInt(`0x${hex(inverted(own))}`);
}

/** Up to so many bytes a number is exact. */
const narrow = 6;
/** Up to so many bytes it is faster to add words than to parse digits. */
const wide = 64;
const word = 8;

function integerAt(bytes: Uint8Array, at: number, length: number): number {
  let integer = ((bytes[at] as number) << 24) >> 24;
  for (let i = 1; i < length; i++) integer = integer * 0x100 + (bytes[at + i] as number);
  return integer;
}

function wordsAt(bytes: Uint8Array, at: number, length: number): bigint {
  const first = length % word || word;
  let value = first <= narrow ? BigInt(integerAt(bytes, at, first)) : signedWord(bytes, at, first);
  for (let i = first; i < length; i += word)
    value = (value << 64n) | BigInt.asUintN(64, signedWord(bytes, at + i, word));
  return value;
}

const scratch = new DataView(new ArrayBuffer(word));

/** Of 7 or 8 bytes. */
function signedWord(bytes: Uint8Array, at: number, length: number): bigint {
  scratch.setInt32(0, integerAt(bytes, at, length - 4));
  scratch.setUint32(4, uint32(bytes, at + length - 4));
  return scratch.getBigInt64(0);
}

function inverted(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ 0xff);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
