import { isIndex } from "./index-keys.js";

// docs/protocol.md, clause P-W. A decoded value can be many times larger than its payload: an empty array takes one
// byte on the wire and 48 in memory. So every value has a weight, in words of 8 bytes as measured on V8, and the
// payload's size limits the total. Writer and reader count in the same way, so that a program gets the error where it
// sends.

/** The weight allowed for any payload. Each of its bytes allows 1 more. */
const freeWeight = 131_072;

/**
 * An element of an array or an entry of a map weighs 1, its slot. A value that does not fit in the slot adds its own
 * weight.
 */
const arrayBase = 6;
const mapBase = 8;
export const textWeight = 2;
export const bytesWeight = 30;
export const instantWeight = 16;

/** Up to 8 bytes; each further 8 bytes weigh 1. Those are less than its bytes on the wire, so nobody counts them. */
export const bigintWeight = 3;

/** A Map or a Set is a hash table, which doubles when it is full. */
const collectionBase = 24;
const memberWeight = 5;
const pairWeight = 7;

/**
 * An object with up to this many keys shares its layout with objects of the same keys. A larger one is a hash table.
 */
export const narrowMap = 16;
const wideEntry = 10;

/** Index keys are stored in a separate table. */
export const indexedWeight = 24;

/** The weight of a layout that no earlier map had. */
export const layoutWeight = 64;

/** The layouts of a payload's first keys weigh nothing, so that few payloads need this check. */
export const freeKeys = 4_096;

export const tooHeavy = "too many small values for its size";

export function weightLimit(size: number): number {
  return freeWeight + size;
}

/** An empty array or map counts as one value, because the JSON reader counts commas. */
export function arrayWeight(size: number): number {
  return arrayBase + (size || 1);
}

export function mapWeight(size: number): number {
  return size <= narrowMap ? mapBase + (size || 1) : mapBase + narrowMap + (size - narrowMap) * wideEntry;
}

/** The weight of one more entry after `before` others, in a map that was weighed as an empty one. */
export function entryWeight(before: number): number {
  if (before === 0) return 0;
  return before < narrowMap ? 1 : wideEntry;
}

export function setWeight(size: number): number {
  return collectionBase + size * memberWeight;
}

/** @param size the number of keys. */
export function pairsWeight(size: number): number {
  return collectionBase + size * pairWeight;
}

/**
 * What a member of a Set or a key of a Map weighs in addition, as the one at `index`. V8 hashes numbers, bigints and
 * indexes without a secret, so a sender can choose such that all collide, and each has to be compared with all before.
 */
export function collisionWeight(member: unknown, index: number): number {
  const guessable =
    typeof member === "string" ? isIndex(member) : typeof member === "number" || typeof member === "bigint";
  return guessable ? index >> 2 : 0;
}
