import { describe, expect, it } from "vitest";
import { contenderNames } from "../contenders/index.js";
import { readArguments } from "./arguments.js";

describe("the arguments of the benchmark", () => {
  it("default to all contenders for a short time", () => {
    const { contenders, alone, rounds, seconds, json, write } = readArguments([]);
    expect({ contenders, alone, rounds, seconds, json, write }).toEqual({
      contenders: contenderNames,
      alone: true,
      rounds: 3,
      seconds: 0.5,
      json: false,
      write: false,
    });
  });

  it("choose contenders, scenarios, rounds and seconds", () => {
    const args = ["--only", "muove,wire", "--scenario", "requests-64", "--rounds", "2", "--seconds", "0.5", "--json"];
    expect(readArguments(args)).toMatchObject({
      contenders: ["muove", "wire"],
      scenarios: ["requests-64"],
      alone: false,
      rounds: 2,
      seconds: 0.5,
      json: true,
    });
  });

  it("measure Muove by itself if it takes part and that is requested", () => {
    expect(readArguments(["--scenario", "alone,casts"])).toMatchObject({ scenarios: ["casts"], alone: true });
    expect(readArguments(["--only", "official"]).alone).toBe(false);
  });

  it("run longer and repeat more with --full", () => {
    const [quick, full] = [readArguments([]), readArguments(["--full"])];
    expect(full.rounds * full.seconds).toBeGreaterThan(quick.rounds * quick.seconds);
  });

  it("are refused with all problems together, and with the valid values", () => {
    const wrong = () => readArguments(["--only", "moove", "--scenario", "x", "--rounds", "0", "--seconds", "9"]);
    expect(wrong).toThrow(/--only.*moove.*muove[\s\S]*--scenario.*requests-64[\s\S]*--rounds[\s\S]*--seconds/);
  });
});
