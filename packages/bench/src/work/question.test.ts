import { describe, expect, it } from "vitest";
import { answerTo, isRight, Questions } from "./question.js";

describe("the questions of a benchmark", () => {
  it.each([100, 1_024, 65_536])("are about %i bytes, and so are the answers", (bytes) => {
    const question = new Questions(bytes).next();
    expect(JSON.stringify(question).length / bytes).toBeCloseTo(1, 0.1);
    expect(JSON.stringify(answerTo(question)).length).toBeGreaterThan(bytes * 0.7);
  });

  it("differ, and only the answer to the same question is right", () => {
    const questions = new Questions(100);
    const [one, two] = [questions.next(), questions.next()];
    expect(isRight(one, answerTo(one))).toBe(true);
    expect(isRight(one, answerTo(two))).toBe(false);
    expect(isRight(one, { ...answerTo(one), cents: 1 })).toBe(false);
    expect(isRight(one, { ...answerTo(one), note: "short" })).toBe(false);
  });
});
