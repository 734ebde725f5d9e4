import { hash } from "node:crypto";

// docs/protocol.md, clause K-1. Numbers of 64 bits are two halves here: BigInt takes ten times as long.

/** A text's hash: the first 64 bits of its SHA-256, in two halves. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

export function hashOf(text: string): Hash {
  const digest = hash("sha256", text, "buffer");
  return { high: digest.readUInt32BE(0), low: digest.readUInt32BE(4) };
}

/** Whoever may be responsible for keys. */
export interface Candidate {
  readonly instance: string;
  readonly hash: Hash;
}

/**
 * Who is responsible for a key: of all candidates the one with the highest score. So when one goes, only its keys move, and
 * they move to all others alike; when one comes, it takes its share from all others and nothing else moves.
 */
export function responsible(key: Hash, candidates: Iterable<Candidate>): string | undefined {
  let best: { readonly instance: string; readonly score: Hash } | undefined;
  for (const { instance, hash } of candidates) {
    const score = scoreOf(key, hash);
    if (best === undefined || isHigher(score, instance, best.score, best.instance)) best = { instance, score };
  }
  return best?.instance;
}

/** Nobody has seen equal scores; but if they are, all must choose alike. */
function isHigher(a: Hash, instanceOfA: string, b: Hash, instanceOfB: string): boolean {
  if (a.high !== b.high) return a.high > b.high;
  if (a.low !== b.low) return a.low > b.low;
  return instanceOfA < instanceOfB;
}

/** The bits of both, mixed by the finalizer of SplitMix64. */
export function scoreOf(key: Hash, instance: Hash): Hash {
  const first = times(shifted(xor(key, instance), 30), 0xbf58476d, 0x1ce4e5b9);
  const second = times(shifted(first, 27), 0x94d049bb, 0x133111eb);
  return shifted(second, 31);
}

const xor = (a: Hash, b: Hash): Hash => ({ high: (a.high ^ b.high) >>> 0, low: (a.low ^ b.low) >>> 0 });

/** z ^ (z >>> bits), for fewer than 32 bits. */
function shifted({ high, low }: Hash, bits: number): Hash {
  const shiftedLow = ((low >>> bits) | (high << (32 - bits))) >>> 0;
  return { high: (high ^ (high >>> bits)) >>> 0, low: (low ^ shiftedLow) >>> 0 };
}

/** The low 64 bits of a product, by halves of halves: a number holds the product of two of these. */
function times({ high, low }: Hash, byHigh: number, byLow: number): Hash {
  const [a1, a0, b1, b0] = [low >>> 16, low & 0xffff, byLow >>> 16, byLow & 0xffff];
  const [lowest, crossed, crossed2] = [a0 * b0, a0 * b1, a1 * b0];
  const middle = (lowest >>> 16) + (crossed & 0xffff) + (crossed2 & 0xffff);
  const carried = a1 * b1 + (crossed >>> 16) + (crossed2 >>> 16) + (middle >>> 16);
  return {
    high: (carried + Math.imul(high, byLow) + Math.imul(low, byHigh)) >>> 0,
    low: ((middle << 16) | (lowest & 0xffff)) >>> 0,
  };
}
