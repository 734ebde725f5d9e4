import fc from "fast-check";
import { expect, it } from "vitest";
import { SparseList } from "./sparse-list.js";

it("gives the same as a map, whatever is added and removed", () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(numbers, fc.func(fc.boolean()), fc.integer({ min: 1, max: 3_100 }), (all, remains, from) => {
      const list = new SparseList<string>();
      const known = new Map<number, string>();
      for (const number of [...all].sort((a, b) => a - b)) {
        list.add(number, `v${number}`);
        known.set(number, `v${number}`);
      }
      for (const number of all) {
        if (remains(number)) continue;
        list.remove(number);
        known.delete(number);
      }
      expect(list.size).toBe(known.size);
      for (const number of all) expect(list.get(number)).toBe(known.get(number));
      const next = [...known.keys()].filter((number) => number >= from).sort((a, b) => a - b)[0];
      expect(list.next(from, 3_000)).toBe(next === undefined ? undefined : `v${next}`);
    }),
  );
});

it("SPARSE-LIST-2: finds what lies behind a gap of many millions", () => {
  const list = new SparseList<string>();
  list.add(1, "first");
  list.add(40_000_000, "last");
  expect(list.next(2, 40_000_000)).toBe("last");
  list.remove(1);
  list.remove(40_000_000);
  expect(list.next(1, Number.MAX_SAFE_INTEGER)).toBeUndefined();
});
