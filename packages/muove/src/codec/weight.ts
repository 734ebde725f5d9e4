// docs/protocol.md, clause P-W. What a payload makes its reader build may be many times its size: an empty array takes one
// byte there and 48 here. So everything in it has a weight, in words of 8 bytes as measured on V8, and the whole may weigh
// what its size allows. Writer and reader count alike, so that a program learns of it where it sends.

/** What a payload of any size may weigh. Each of its bytes allows 1 more. */
const FREE = 131_072;

/** An element of an array or an entry of a map is 1, a place. What is in that place comes on top, unless it fits there. */
const ARRAY = 6;
const MAP = 8;
export const TEXT = 2;
export const BYTES = 30;
export const INSTANT = 16;

/** Up to so many keys an object shares its layout with those that have the same keys. Beyond, it is a table of its own. */
export const NARROW = 16;
const WIDE_ENTRY = 10;

/** Keys that are indexes stand in a table of their own. */
export const INDEXED = 24;

/** A layout that no map before it had. */
export const LAYOUT = 64;

/** Layouts of a payload's first keys weigh nothing, so that few payloads need to be looked at so closely. */
export const FREE_KEYS = 4_096;

export const TOO_HEAVY = "too many small values for its size";

export function weightLimit(size: number): number {
  return FREE + size;
}

/** An empty array or map counts as if one value were in it, because a reader of JSON counts commas. */
export function arrayWeight(size: number): number {
  return ARRAY + (size || 1);
}

export function mapWeight(size: number): number {
  return size <= NARROW ? MAP + (size || 1) : MAP + NARROW + (size - NARROW) * WIDE_ENTRY;
}

/** What the entry after `before` others adds to a map that was weighed as an empty one. */
export function entryWeight(before: number): number {
  if (before === 0) return 0;
  return before < NARROW ? 1 : WIDE_ENTRY;
}
