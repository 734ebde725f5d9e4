import { Random } from "../support/random.js";
import { type Cost, type Family, families, type Kind, ordinary, padded } from "./hostile-families.js";

// Runs in its own process, so that it measures the build alone and can collect garbage:
// node --expose-gc costs.js <seed> <the codec's URL> [families whose memory to measure]

const [seed, codec = "", memory] = process.argv.slice(2);
const { decode } = (await import(codec)) as { decode: (payload: Uint8Array) => { readonly value: unknown } };
const payloadSize = 2 ** 20;
/** The cost is the least of this many runs, as code that has run for a while is compiled. */
const times = 15;
const few = 3;

/** `undefined` if the payload is refused. */
function read(payload: Uint8Array): unknown {
  try {
    return decode(payload);
  } catch {
    return undefined;
  }
}

/**
 * The CPU time of this process in ms, so that others on the machine do not count. A few runs will do once it is at most
 * `enough`.
 */
function least(act: () => unknown, enough = 0): number {
  let time = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times && (i < few || time > enough); i++) {
    const { user, system } = process.cpuUsage();
    act();
    const after = process.cpuUsage();
    time = Math.min(time, (after.user + after.system - user - system) / 1_000);
  }
  return time;
}

function used(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.(); // Memory outside the heap is freed after the objects that held it.
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function heldBy(payload: Uint8Array): number {
  const before = used();
  const value = read(payload);
  const bytes = used() - before;
  return value === undefined ? 0 : bytes / payload.length;
}

/** The memory held, in bytes for each byte, by the largest payload of a family that is read beside text. */
function held(family: Family): number {
  const make = (size: number) => padded(family, new Random(Number(seed)), size, payloadSize);
  let most = 16;
  for (let step = payloadSize / 2; step >= payloadSize / 256; step /= 2) {
    if (read(make(most + step)) !== undefined) most += step;
  }
  const payload = make(most);
  // Other allocations, such as compiled code, only add to it, so the least of three counts.
  return Math.min(...Array.from({ length: 3 }, () => heldBy(payload)));
}

const costOf = (kind: Kind): number => {
  const json = ordinary[kind](payloadSize);
  return least(() => JSON.parse(json.toString()));
};
const base = { rows: costOf("rows"), keys: costOf("keys") };

for (const family of families) {
  const { name, kind } = family;
  const payload = family.make(new Random(Number(seed)), payloadSize);
  const time = least(() => read(payload), memory === "all" ? 0 : 4 * base[kind]);
  const looked = memory === "all" || memory?.split(",").includes(name);
  const cost: Cost = { name, time: time / base[kind], ofRows: time / base.rows, memory: looked ? held(family) : 0 };
  process.stdout.write(`${JSON.stringify(cost)}\n`);
}
