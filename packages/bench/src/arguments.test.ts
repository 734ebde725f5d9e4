import { describe, expect, it } from "vitest";
import { readArguments } from "./arguments.js";
import { contenderNames } from "./contenders/index.js";

describe("the arguments of the benchmark", () => {
  it("are everybody, for a short time, when nothing is said", () => {
    const { contenders, rounds, seconds, json } = readArguments([]);
    expect({ contenders, rounds, seconds, json }).toEqual({
      contenders: contenderNames,
      rounds: 3,
      seconds: 1,
      json: false,
    });
  });

  it("choose contenders, scenarios, rounds and seconds", () => {
    const args = ["--only", "muove,wire", "--scenario", "requests-64", "--rounds", "2", "--seconds", "0.5", "--json"];
    expect(readArguments(args)).toMatchObject({
      contenders: ["muove", "wire"],
      scenarios: ["requests-64"],
      rounds: 2,
      seconds: 0.5,
      json: true,
    });
  });

  it("take longer, and repeat more, in full", () => {
    const [quick, full] = [readArguments([]), readArguments(["--full"])];
    expect(full.rounds * full.seconds).toBeGreaterThan(quick.rounds * quick.seconds);
  });

  it("are refused with all problems together, and with what there is", () => {
    const wrong = () => readArguments(["--only", "moove", "--scenario", "x", "--rounds", "0", "--seconds", "9"]);
    expect(wrong).toThrow(/--only.*moove.*muove[\s\S]*--scenario.*requests-64[\s\S]*--rounds[\s\S]*--seconds/);
  });
});
