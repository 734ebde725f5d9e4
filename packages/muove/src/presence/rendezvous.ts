import { hash } from "node:crypto";

// docs/protocol.md, clause K-1. Numbers of 64 bits are two halves here: BigInt takes ten times as long.

/** A string's hash: the first 64 bits of its SHA-256, in two halves. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

export function hashOf(text: string): Hash {
  const digest = hash("sha256", text, "buffer");
  return { high: digest.readUInt32BE(0), low: digest.readUInt32BE(4) };
}

/** An instance that may own keys. */
export interface Candidate {
  readonly instance: string;
  readonly hash: Hash;
}

/**
 * The owner of a key: the candidate with the highest score. So when one leaves, only its keys move, evenly to all
 * others. When one joins, it takes an even share from all others, and no other key moves.
 *
 * @param excluded called only for candidates that would otherwise be the owner: a few among thousands.
 */
export function responsible<C extends Candidate>(
  key: Hash,
  candidates: Iterable<C>,
  excluded: (candidate: C) => boolean = () => false,
): string | undefined {
  let best: string | undefined;
  let [bestHigh, bestLow] = [0, 0];
  for (const candidate of candidates) {
    const { instance, hash } = candidate;
    const high = mix(key.high ^ hash.high, key.low ^ hash.low);
    const low = mixedLow;
    if (best !== undefined && !isHigher(high, low, instance, bestHigh, bestLow, best)) continue;
    if (!excluded(candidate)) [best, bestHigh, bestLow] = [instance, high, low];
  }
  return best;
}

/** Equal scores are practically impossible, but all buses must choose the same owner even then. */
function isHigher(
  high: number,
  low: number,
  instance: string,
  bestHigh: number,
  bestLow: number,
  best: string,
): boolean {
  if (high !== bestHigh) return high >>> 0 > bestHigh >>> 0;
  if (low !== bestLow) return low >>> 0 > bestLow >>> 0;
  return instance < best;
}

/** Mixes the bits of both with the finalizer of SplitMix64. */
export function scoreOf(key: Hash, instance: Hash): Hash {
  const high = mix(key.high ^ instance.high, key.low ^ instance.low);
  return { high: high >>> 0, low: mixedLow >>> 0 };
}

/**
 * The lower half of the last result of `mix()` or `multiply()`. Halves are signed here, so they are 32-bit integers for
 * the engine, which allocates no objects for them. There may be thousands per message.
 */
let mixedLow = 0;

/** Returns the higher half. */
function mix(high: number, low: number): number {
  let top = multiply(high ^ (high >>> 30), low ^ lowShifted(high, low, 30), 0xbf58476d, 0x1ce4e5b9);
  top = multiply(top ^ (top >>> 27), mixedLow ^ lowShifted(top, mixedLow, 27), 0x94d049bb, 0x133111eb);
  mixedLow ^= lowShifted(top, mixedLow, 31);
  return top ^ (top >>> 31);
}

/** The lower half of z >>> bits, for fewer than 32 bits. */
const lowShifted = (high: number, low: number, bits: number): number => (low >>> bits) | (high << (32 - bits));

/**
 * The low 64 bits of a product, computed from 16-bit parts, whose products fit in a number. Returns the higher half.
 */
function multiply(high: number, low: number, byHigh: number, byLow: number): number {
  const a1 = low >>> 16;
  const a0 = low & 0xffff;
  const b1 = byLow >>> 16;
  const b0 = byLow & 0xffff;
  const crossed = a0 * b1;
  const crossed2 = a1 * b0;
  const middle = ((a0 * b0) >>> 16) + (crossed & 0xffff) + (crossed2 & 0xffff);
  const over = a1 * b1 + (crossed >>> 16) + (crossed2 >>> 16) + (middle >>> 16);
  mixedLow = Math.imul(low, byLow);
  return (over + Math.imul(high, byLow) + Math.imul(low, byHigh)) | 0;
}
