import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { hostileMessages } from "@muove/testkit";
import { describe, expect, test } from "vitest";
import { decode, Malformed } from "../../packages/muove/src/codec/index.js";
import { Random } from "../soak/random.js";
import { type Family, families, type Kind, ordinary, padded } from "./hostile-families.js";

// MUOVE_PAYLOADS=400000 makes a long run, which also finds the most memory that each family can take, and prints what was
// measured. MUOVE_SEED chooses other payloads.

const seed = Number(process.env.MUOVE_SEED ?? 1);
const asked = process.env.MUOVE_PAYLOADS;
const count = Number(asked ?? 20_000);
const MIB = 2 ** 20;

/** Whether it was read. Anything but a value or Malformed fails the test. */
function isRead(payload: Uint8Array): boolean {
  try {
    decode(payload);
    return true;
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

/** A family's payload, changed in one place or cut, two times of three. */
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

/** Of this process, in ms: others on the machine do not count. */
function cpu(act: () => unknown): number {
  const { user, system } = process.cpuUsage();
  act();
  const after = process.cpuUsage();
  return (after.user + after.system - user - system) / 1_000;
}

const leastOf = (times: number, act: () => unknown): number =>
  Math.min(...Array.from({ length: times }, () => cpu(act)));

/** The least of several times, as others use the processor's caches too; of no more than it takes to get below `enough`. */
function leastBelow(enough: number, act: () => unknown): number {
  let least = cpu(act);
  for (let i = 0; i < 20 && least >= enough; i++) least = Math.min(least, cpu(act));
  return least;
}

describe("1 MiB costs at most 5 times what JSON.parse takes for as many bytes of an ordinary payload", () => {
  const base = {} as Record<Kind, number>;
  for (const kind of ["rows", "keys"] as const) {
    const json = ordinary[kind](MIB);
    base[kind] = leastOf(7, () => JSON.parse(json.toString()));
  }
  if (asked !== undefined) console.log("JSON.parse, ms:", base);

  test.each(families)("$name", (family) => {
    const payload = family.make(new Random(seed), MIB);
    const time = leastBelow(asked === undefined ? 5 * base[family.kind] : 0, () => isRead(payload));
    if (asked !== undefined) {
      console.log(
        `time ${family.name} (${family.kind}): ${(time / base[family.kind]).toFixed(1)}, of rows ${(time / base.rows).toFixed(1)}`,
      );
    }
    expect(time).toBeLessThan(5 * base[family.kind]);
  });
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function used(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** As much of a family as is allowed beside text. */
function mostAllowed(family: Family): Buffer {
  let most = 0;
  for (let step = MIB / 2; step >= MIB / 256; step /= 2) {
    if (isRead(padded(family, new Random(seed), most + step, MIB))) most += step;
  }
  return padded(family, new Random(seed), Math.max(most, 16), MIB);
}

const heaviest = [
  "arrays of one",
  "empty maps",
  "empty bytes",
  "maps of the index 1023",
  "text of 2",
  "one map, of keys of 12",
];
const looked = asked === undefined ? families.filter(({ name }) => heaviest.includes(name)) : families;

describe("1 MiB takes at most 10 times its size, of what is most allowed of it", () => {
  test.each(looked)("$name", (family) => {
    const payload = mostAllowed(family);
    isRead(payload);
    const before = used();
    let value: unknown;
    try {
      value = decode(payload);
    } catch (error) {
      expect(error).toBeInstanceOf(Malformed);
    }
    const times = (used() - before) / payload.length;
    if (asked !== undefined)
      console.log(`memory ${family.name}: ${times.toFixed(1)}, ${value === undefined ? "refused" : "read"}`);
    expect(times).toBeLessThan(10);
  });
});
