import { parseArgs } from "node:util";
import { takesPart } from "../contenders/index.js";
import { scenarios } from "../run/scenarios.js";
import { fewestForInterval } from "../statistics.js";

export interface Arguments {
  /** The commit that this checkout is compared with. */
  readonly ref: string;
  readonly pairs: number;
  /** How long each measurement takes. */
  readonly seconds: number;
  /** One of those that Muove takes part in. */
  readonly scenario: string;
}

const names = Object.entries(scenarios).flatMap(([name, { kind }]) => (takesPart("muove", kind) ? [name] : []));

export const usage = `npm run compare -- <commit> [options]

Compares the CPU time of a call between that commit and this checkout.

  --pairs n          how often each is measured; at least ${fewestForInterval}, usually 20
  --seconds n        how long each measurement takes; usually 1, at most 8
  --scenario a       the load, one of ${names.join(", ")}; usually requests-64
`;

/** @throws with what is wrong. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      pairs: { type: "string", default: "20" },
      seconds: { type: "string", default: "1" },
      scenario: { type: "string", default: "requests-64" },
    },
  });
  const [ref] = positionals;
  const [pairs, seconds] = [Number(values.pairs), Number(values.seconds)];
  if (ref === undefined) throw new Error("which commit is it to be compared with?");
  if (!(Number.isInteger(pairs) && pairs >= fewestForInterval && pairs <= 100))
    throw new Error(`--pairs: must be a whole number from ${fewestForInterval} to 100, not ${values.pairs}`);
  if (!(seconds > 0 && seconds <= 8)) throw new Error(`--seconds: must be a number up to 8, not ${values.seconds}`);
  if (!names.includes(values.scenario))
    throw new Error(`--scenario: there is no ${values.scenario}; there are ${names.join(", ")}`);
  return { ref, pairs, seconds, scenario: values.scenario };
}
