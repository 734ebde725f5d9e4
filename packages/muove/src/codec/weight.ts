// docs/protocol.md, clause P-W. What a payload makes its reader build may be many times its size: an empty array takes
// one byte there and 48 here. So everything in it has a weight, in words of 8 bytes as measured on V8, and the whole
// may weigh what its size allows. Writer and reader count alike, so that a program learns of it where it sends.

/** What a payload of any size may weigh. Each of its bytes allows 1 more. */
const freeWeight = 131_072;

/**
 * An element of an array or an entry of a map is 1, a place. What is in that place comes on top, unless it fits there.
 */
const arrayBase = 6;
const mapBase = 8;
export const textWeight = 2;
export const bytesWeight = 30;
export const instantWeight = 16;

/**
 * Up to so many keys an object shares its layout with those that have the same keys. Beyond, it is a table of its own.
 */
export const narrowMap = 16;
const wideEntry = 10;

/** Keys that are indexes stand in a table of their own. */
export const indexedWeight = 24;

/** A layout that no map before it had. */
export const layoutWeight = 64;

/** Layouts of a payload's first keys weigh nothing, so that few payloads need to be looked at so closely. */
export const freeKeys = 4_096;

export const tooHeavy = "too many small values for its size";

export function weightLimit(size: number): number {
  return freeWeight + size;
}

/** An empty array or map counts as if one value were in it, because a reader of JSON counts commas. */
export function arrayWeight(size: number): number {
  return arrayBase + (size || 1);
}

export function mapWeight(size: number): number {
  return size <= narrowMap ? mapBase + (size || 1) : mapBase + narrowMap + (size - narrowMap) * wideEntry;
}

/** What the entry after `before` others adds to a map that was weighed as an empty one. */
export function entryWeight(before: number): number {
  if (before === 0) return 0;
  return before < narrowMap ? 1 : wideEntry;
}
