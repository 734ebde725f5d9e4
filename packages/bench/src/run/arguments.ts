import { parseArgs } from "node:util";
import { contenderNames } from "../contenders/index.js";
import { scenarios } from "./scenarios.js";

/** The parsed command line. */
export interface Arguments {
  readonly given: readonly string[];
  readonly contenders: readonly string[];
  readonly scenarios: readonly string[];
  /** Whether to measure Muove by itself too: absence, memory, imports. */
  readonly alone: boolean;
  readonly rounds: number;
  readonly seconds: number;
  readonly full: boolean;
  /** Whether to write docs/performance.md. */
  readonly write: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** Muove by itself, as another scenario. */
const alone = "alone";
const scenarioNames: readonly string[] = [...Object.keys(scenarios), alone];

export const usage = `npm run bench -- [options]

  --full             longer, and more rounds
  --json             the figures as JSON on stdout, and everything else on stderr; \`npm run --silent bench\` adds nothing
  --write            writes docs/performance.md and its picture
  --only a,b         of the contenders: ${contenderNames.join(", ")}
  --scenario a,b     of the scenarios: ${scenarioNames.join(", ")}
  --rounds n         how often each contender runs
  --seconds n        how long each run takes; at most 8

With MUOVE_BENCH_PROF=caller or =service that process of each contender writes a CPU profile of each run, into the folder
in MUOVE_BENCH_PROF_DIR, or that for temporary files.
`;

/** @throws with all invalid arguments. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      only: { type: "string" },
      scenario: { type: "string" },
      rounds: { type: "string" },
      seconds: { type: "string" },
    },
  });
  const problems: string[] = [];
  const contenders = choice("--only", values.only, contenderNames, problems);
  const chosen = choice("--scenario", values.scenario, scenarioNames, problems);
  const found: Arguments = {
    given: args,
    contenders,
    scenarios: chosen.filter((name) => name !== alone),
    alone: chosen.includes(alone) && contenders.includes("muove"),
    rounds: number("--rounds", values.rounds, values.full ? 5 : 3, 100, problems),
    seconds: number("--seconds", values.seconds, values.full ? 1 : 0.5, 8, problems),
    full: values.full,
    write: values.write,
    json: values.json,
    help: values.help,
  };
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return found;
}

function choice(option: string, given: string | undefined, known: readonly string[], problems: string[]) {
  if (given === undefined) return known;
  const chosen = given.split(",");
  const unknown = chosen.filter((name) => !known.includes(name));
  if (unknown.length > 0) problems.push(`${option}: there is no ${unknown.join(", ")}; there are ${known.join(", ")}`);
  return chosen;
}

function number(option: string, given: string | undefined, usual: number, most: number, problems: string[]): number {
  if (given === undefined) return usual;
  const value = Number(given);
  if (!(value > 0 && value <= most)) problems.push(`${option}: must be a number from 1 to ${most}, not ${given}`);
  return value;
}
