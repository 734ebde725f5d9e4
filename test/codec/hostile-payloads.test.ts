import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hostileMessages } from "@muove/testkit";
import { beforeAll, expect, test } from "vitest";
import { decode, Malformed } from "../../packages/muove/src/codec/index.js";
import { Random } from "../support/random.js";
import { type Cost, type Family, families } from "./hostile-families.js";

// MUOVE_CASES=400000 makes a long run, which also measures the memory of every family, and prints the figures.
// MUOVE_SEED chooses other payloads.

const seed = Number(process.env.MUOVE_SEED ?? 1);
const asked = process.env.MUOVE_CASES;
const count = Number(asked ?? 20_000);

/** Whether the payload was read. Any error but Malformed fails the test. */
function isRead(payload: Uint8Array): boolean {
  try {
    decode(payload);
    return true;
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

/** A family's payload: a third of them with one byte changed, a third cut short. */
function smallOf(family: Family, random: Random): Buffer {
  const payload = family.make(random, random.between(16, 2_000));
  const at = random.between(0, payload.length - 1);
  const fate = random.between(0, 2);
  if (fate === 0) payload[at] = random.between(0, 255);
  return fate === 1 ? payload.subarray(0, at) : payload;
}

function* hostilePayloads(): Generator<Uint8Array> {
  const random = new Random(seed);
  let turn = 0;
  for (const { payload } of hostileMessages(seed, count / 2)) {
    yield payload;
    yield smallOf(families[turn++ % families.length] as Family, random);
  }
}

const prototypes = () =>
  [Object, Array, Function, String, Number, Uint8Array, Date].map(({ prototype }) => Reflect.ownKeys(prototype));

test(`${count} hostile payloads become values or Malformed, and change no prototype (seed ${seed})`, () => {
  const before = prototypes();
  let read = 0;
  let all = 0;
  for (const payload of hostilePayloads()) {
    all++;
    if (isRead(payload)) read++;
  }
  expect(all).toBe(count);
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(all);
  expect(prototypes()).toEqual(before);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
}, 900_000);

const heaviest = [
  "arrays of one",
  "chains of arrays",
  "empty bytes",
  "64-bit dates",
  "maps of the index 1023",
  "text of 2",
];
let costs: readonly Cost[] = [];

beforeAll(async () => {
  const program = fileURLToPath(new URL("../dist/codec/costs.js", import.meta.url));
  const codec = new URL("../../packages/muove/dist/codec/index.js", import.meta.url).href;
  const args = ["--expose-gc", program, String(seed), codec, asked === undefined ? heaviest.join() : "all"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  costs = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  if (asked !== undefined) console.table(costs);
}, 600_000);

// On a busy machine the ratio of two short times is rough, so only the long run checks the promised bound.
const maxTime = asked === undefined ? 10 : 5;

test(`1 MiB costs at most ${maxTime} times what JSON.parse takes for as many bytes of an ordinary payload`, () => {
  expect(costs).toHaveLength(families.length);
  expect(costs.filter(({ time }) => time > maxTime)).toEqual([]);
});

test("the largest allowed payload of each measured family takes at most 10 times its size in memory", () => {
  expect(costs.filter(({ memory }) => memory > 0.1).length).toBeGreaterThanOrEqual(heaviest.length);
  expect(costs.filter(({ memory }) => memory > 10)).toEqual([]);
});
