import fc from "fast-check";
import { expect, test } from "vitest";
import { SlotTable } from "./slot-table.js";

test("SLOT-TABLE-1 finds each entry by its token and nothing by any other, like a Map, with any churn", () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant("add" as const) },
    { weight: 1, arbitrary: fc.constant("skip" as const) },
    { weight: 2, arbitrary: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000, size: "max" }), (steps) => {
      const tokens = new SlotTable<string>();
      const model = new Map<number, string>();
      let last = -1;
      for (const [i, step] of steps.entries()) {
        if (typeof step === "number") {
          const token = [...model.keys()][Math.floor(step * model.size)] ?? i;
          tokens.take(token);
          model.delete(token);
          expect(tokens.get(token)).toBeUndefined();
          continue;
        }
        const token = step === "add" ? tokens.add(`${i}`) : tokens.skip();
        expect(token).toBeGreaterThan(last);
        last = token;
        if (step === "add") model.set(token, `${i}`);
      }
      expect(tokens.size).toBe(model.size);
      expect(tokens.entries()).toEqual([...model]);
      expect(tokens.next).toBeGreaterThan(last);
      for (let token = -1; token <= last + 1; token++) expect(tokens.get(token)).toBe(model.get(token));
    }),
    { numRuns: 30 },
  );
});

test("long-lived entries do not block others", () => {
  const tokens = new SlotTable<string>();
  const staying = Array.from({ length: 100 }, (_, i) => [tokens.add(`stays ${i}`), `stays ${i}`] as const);
  for (let i = 0; i < 10_000; i++) {
    const token = tokens.add("goes");
    expect(tokens.get(token)).toBe("goes");
    tokens.take(token);
  }
  expect(tokens.entries()).toEqual(staying);
});

test("works beyond 32 bits, and does not confuse tokens with equal low bits", () => {
  const tokens = new SlotTable<string>();
  const first = tokens.add("first");
  for (const token of [first + 256, first + 2 ** 32, first + 2 ** 40, -1, Number.NaN]) {
    expect(tokens.get(token)).toBeUndefined();
    tokens.take(token);
  }
  expect(tokens.get(first)).toBe("first");
});
