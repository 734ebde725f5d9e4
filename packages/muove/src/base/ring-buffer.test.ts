import fc from "fast-check";
import { expect, test } from "vitest";
import { RingBuffer } from "./ring-buffer.js";

type Step = "push" | "shift" | "clear" | { readonly remove: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Step>("push") },
  { weight: 6, arbitrary: fc.constant<Step>("shift") },
  { weight: 1, arbitrary: fc.record({ remove: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.constant<Step>("clear") },
);

test("returns items in insertion order, like a plain array", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const fifo = new RingBuffer<number>();
      let model: number[] = [];
      for (const [i, step] of steps.entries()) {
        if (step === "push") {
          fifo.push(i);
          model.push(i);
        } else if (step === "shift") expect(fifo.shift()).toBe(model.shift());
        else if (step === "clear") {
          fifo.clear();
          model = [];
        } else {
          fifo.remove((item) => item % step.remove === 0);
          model = model.filter((item) => item % step.remove !== 0);
        }
        expect(fifo.size).toBe(model.length);
        expect([...fifo]).toEqual(model);
      }
    }),
  );
});
