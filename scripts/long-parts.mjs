// The parts of the long run (see long.mjs): what each of them does, and what it says that came of it.
import { join } from "node:path";

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} what it does, in words
 * @property {readonly string[]} command
 * @property {Record<string, string>} env
 * @property {boolean} seeded whether a seed makes the same again
 * @property {(output: string) => string | undefined} finds what came of it; nothing when that cannot be seen, which is a failure
 */

const soak = join("test", "dist", "soak", "main.js");
const letters = join("test", "dist", "soak", "letters", "main.js");
const backlog = join("test", "dist", "soak", "letters", "backlog.js");
const vitest = join("node_modules", "vitest", "vitest.mjs");

/**
 * @param {number} scale of every repetition
 * @param {number} seed
 * @returns {readonly Part[]}
 */
export function partsOf(scale, seed) {
  const times = (/** @type {number} */ count) => Math.max(1, Math.round(count * scale));
  return [
    soaked(soak, "soak", "callers and workers under random faults", times(1_800), seed),
    soaked(soak, "kills", "the same under kills alone", times(1_500), seed, "--only", "kill a worker,kill NATS"),
    soaked(soak, "embedded", "the same under random faults, on the embedded broker", times(600), seed, "--embedded"),
    soaked(letters, "letters", "senders and owners of letters under random faults", times(900), seed),
    soaked(
      letters,
      "owners",
      "the same without restarts of the store, which excuse letters that come twice",
      times(900),
      seed,
      "--only",
      "kill a worker,stop a worker,stop a worker for long,terminate a worker,kill a caller,cut a connection,black hole,slow path,burst",
    ),
    waiting(times(100_000)),
    tested(
      "sessions",
      "generated sessions of each configuration, on both brokers",
      times(20_000),
      seed,
      "test/broker/generated",
    ),
    tested("texts", "texts that are almost the protocol, on both brokers", times(50_000), seed, "test/broker/mutated"),
    tested("payloads", "hostile payloads through the codec", times(400_000), seed, "codec/hostile"),
    tested(
      "circuits",
      "simulated hours of each load on circuits, with one and two of three instances hanging",
      times(1_000),
      seed,
      "peers/circuit-load",
    ),
    {
      ...tested(
        "moves",
        "messages of each kind in rolling upgrades from the oldest nats-server to the newest and back, 100 ms apart",
        times(10_000),
        seed,
        "test/cluster/far-moves",
      ),
      seeded: false,
    },
    hostile(times(300), seed),
    {
      name: "herd",
      what: "60 clients with bcrypt passwords return to a restarted NATS at once, three times, beside the official client",
      command: [process.execPath, vitest, "run", "--project", "failures", "test/failures/F06-slow", "-t", "a herd"],
      env: { MUOVE_HERD: "60" },
      seeded: false,
      finds: herdsIn,
    },
    {
      name: "shop",
      what: `the shop in containers, every service taken away in ${times(10)} random orders`,
      command: [process.execPath, vitest, "run", "--project", "containers"],
      env: { MUOVE_SEEDS: Array.from({ length: times(10) }, (_, i) => seed + i).join(",") },
      seeded: true,
      finds: testsIn,
    },
    {
      name: "surroundings",
      what: "the tests on every other generation of nats-server and on newer Nodes, in pairs",
      command: [process.execPath, join("scripts", "surroundings.mjs")],
      env: {},
      seeded: false,
      finds: surroundingsIn,
    },
  ];
}

/**
 * @param {string} program
 * @param {string} name
 * @param {string} what
 * @param {number} seconds
 * @param {number} seed
 * @param {readonly string[]} flags
 * @returns {Part}
 */
function soaked(program, name, what, seconds, seed, ...flags) {
  return {
    name,
    what: `${what}, for ${seconds} s`,
    command: [process.execPath, program, "--seconds", String(seconds), "--seed", String(seed), ...flags],
    env: {},
    seeded: true,
    finds: (output) => (/^No lies/m.test(output) ? `no lies; ${/^Faults: (.*)$/m.exec(output)?.[1]}` : undefined),
  };
}

/**
 * @param {number} count
 * @returns {Part}
 */
function waiting(count) {
  return {
    name: "backlog",
    what: `${count.toLocaleString("en")} letters while nobody is there, and then three owners`,
    command: [process.execPath, backlog, "--letters", String(count)],
    env: {},
    seeded: false,
    finds: backlogIn,
  };
}

/**
 * @param {string} name
 * @param {string} what
 * @param {number} cases
 * @param {number} seed
 * @param {string} path
 * @returns {Part}
 */
function tested(name, what, cases, seed, path) {
  return {
    name,
    what: `${cases.toLocaleString("en")} ${what}`,
    command: [process.execPath, vitest, "run", path],
    env: { MUOVE_CASES: String(cases), MUOVE_SEED: String(seed) },
    seeded: true,
    finds: testsIn,
  };
}

/**
 * @param {number} seconds
 * @param {number} seed
 * @returns {Part}
 */
function hostile(seconds, seed) {
  return {
    name: "hostile",
    what: `random hostile traffic from a peer with the guide's permissions, for ${seconds} s`,
    command: [process.execPath, join("scripts", "hostile.mjs"), "--seconds", String(seconds), "--seed", String(seed)],
    env: {},
    seeded: true,
    finds: (output) => /^Held, seed \d+: (.*)$/m.exec(output)?.[1],
  };
}

/** @param {string} output of backlog.ts */
function backlogIn(output) {
  const rates = /^\d+ letters (stored .*)$/m.exec(output)?.[1];
  const memory = /^(heaps .*)$/m.exec(output)?.[1];
  return /^Each was handled once/m.test(output) ? `each handled once; ${rates}; ${memory}` : undefined;
}

/** @param {string} output of vitest */
function testsIn(output) {
  const [, passed, skipped = "0"] = /Tests +(\d+) passed(?: \| (\d+) skipped)?/.exec(output) ?? [];
  // What needs a server or Docker has to have them here.
  return passed === undefined || skipped !== "0" ? undefined : `tests passed: ${passed}`;
}

/** @param {string} output of vitest */
function herdsIn(output) {
  const [ours, theirs] = ["passwords are in", "official client"].map((what) =>
    [...output.matchAll(new RegExp(`F6 on nats-server: .*${what}: (\\d+)`, "g"))].map(([, ms]) => `${ms} ms`),
  );
  return ours?.length === 3 ? `all in after ${ours.join(", ")}; the official client: ${theirs?.join(", ")}` : undefined;
}

/** @param {string} output of surroundings.mjs */
function surroundingsIn(output) {
  const names = output.split("\n").filter((line) => /^(Node|nats-server) \d/.test(line));
  return names.length === 0 ? undefined : `passed on ${names.join("; ")}`;
}
