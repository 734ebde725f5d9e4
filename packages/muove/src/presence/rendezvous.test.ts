import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Candidate, hashOf, responsible, scoreOf } from "./rendezvous.js";

const candidates = (count: number): Candidate[] =>
  Array.from({ length: count }, (_, n) => `instance-${n}`).map((instance) => ({ instance, hash: hashOf(instance) }));
const keys = Array.from({ length: 10_000 }, (_, n) => `key ${n}`);
const ownersOf = (all: readonly Candidate[]) => keys.map((key) => responsible(hashOf(key), all));

/** Clause K-1, literally. */
function reference(key: string, instance: string): bigint {
  const first64 = (text: string) => createHash("sha256").update(text, "utf8").digest().readBigUInt64BE(0);
  const wrap = (value: bigint) => BigInt.asUintN(64, value);
  let z = first64(key) ^ first64(instance);
  z = wrap((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = wrap((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

test("the score follows the protocol", () => {
  for (const key of ["", "a", "München", "🙂", ...keys.slice(0, 1_000)]) {
    for (const instance of ["0a1b2c3d4e5f6071", "x"]) {
      const { high, low } = scoreOf(hashOf(key), hashOf(instance));
      expect((BigInt(high) << 32n) | BigInt(low)).toBe(reference(key, instance));
    }
  }
});

test("the owner is the one with the highest score, whatever the signs of its halves", () => {
  const all = candidates(20);
  for (const key of keys.slice(0, 500)) {
    const scores = all.map(({ instance }) => reference(key, instance));
    const highest = scores.reduce((best, score, n) => (score > (scores[best] as bigint) ? n : best), 0);
    expect(responsible(hashOf(key), all)).toBe(all[highest]?.instance);
    const next = scores.reduce(
      (best, score, n) => (n !== highest && (best === highest || score > (scores[best] as bigint)) ? n : best),
      highest,
    );
    expect(responsible(hashOf(key), all, ({ instance }) => instance === all[highest]?.instance)).toBe(
      all[next]?.instance,
    );
  }
});

test("the vectors of the protocol hold", () => {
  const file = new URL("../../../../test/vectors/keys.json", import.meta.url);
  const vectors: { key: string; instances: string[]; scores: string[]; owner: string }[] = JSON.parse(
    readFileSync(file, "utf8"),
  );
  expect(vectors.length).toBeGreaterThan(4);
  for (const { key, instances, scores, owner } of vectors) {
    const all = instances.map((instance) => ({ instance, hash: hashOf(instance) }));
    const own = all.map(({ hash }) => scoreOf(hashOf(key), hash));
    const hex = (half: number) => half.toString(16).padStart(8, "0");
    expect(own.map(({ high, low }) => hex(high) + hex(low))).toEqual(scores);
    expect(responsible(hashOf(key), all)).toBe(owner);
  }
});

describe("keys", () => {
  test("are spread evenly", () => {
    for (const count of [2, 3, 10]) {
      const shares = new Map<string | undefined, number>();
      for (const owner of ownersOf(candidates(count))) shares.set(owner, (shares.get(owner) ?? 0) + 1);
      expect(shares.size).toBe(count);
      const even = keys.length / count;
      for (const share of shares.values()) expect(Math.abs(share - even)).toBeLessThan(5 * Math.sqrt(even));
    }
  });

  test("of an instance that leaves move to all others, and no other keys move", () => {
    const before = candidates(5);
    const [gone, ...left] = before;
    const [old, now] = [ownersOf(before), ownersOf(left)];
    const moved = new Set<string | undefined>();
    old.forEach((owner, n) => {
      if (owner === gone?.instance) moved.add(now[n]);
      else expect(now[n]).toBe(owner);
    });
    expect(moved.size).toBe(4);
  });

  test("move only to an instance that joins", () => {
    const [old, now] = [ownersOf(candidates(4)), ownersOf(candidates(5))];
    const moved = now.filter((owner, n) => owner !== old[n]);
    expect(new Set(moved)).toEqual(new Set(["instance-4"]));
    expect(moved.length).toBeGreaterThan(keys.length / 10);
  });

  test("have the same owner in any order of instances", () => {
    expect(ownersOf(candidates(5).reverse())).toEqual(ownersOf(candidates(5)));
  });

  test("have no owner without instances", () => expect(responsible(hashOf("a"), [])).toBeUndefined());
});
