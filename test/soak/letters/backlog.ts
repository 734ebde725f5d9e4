import { parseArgs } from "node:util";
import { eventually, type Service, testkit } from "@muove/testkit";
import { connect } from "muove";
import { natsServerThatKeepsMail } from "../../support/nats-server.js";
import { backlog } from "./contract.js";

// node test/dist/soak/letters/backlog.js [--letters 100000]
// Letters are stored while nobody is there who handles them. Then three owners start: each letter must be handled once, and
// the memory of the owners must not grow with what they have handled.

/** How many letters may be on their way to the store at a time. */
const inFlight = 512;
/** How much more of its heap an owner may use at the end than after the first tenth of the letters, in bytes. */
const growth = 3 * 1_048_576;
/** How long all letters may take to be handled, in ms. */
const patience = 300_000;

const { values } = parseArgs({ options: { letters: { type: "string" } } });
const count = Number(values.letters ?? 100_000);
const program = natsServerThatKeepsMail();
if (program === undefined) throw new Error("Letters need a nats-server of 2.10 or later: see scripts/nats-servers.sh");

await using kit = testkit();
const { url } = await kit.nats({ on: "nats-server", program, jetStream: true });
const storing = await timed(store);
const owners = await Promise.all([1, 2, 3].map((i) => start(`owner${i}`)));
const begun = performance.now();
await each("serve");
await untilHandled(count / 10);
const before = await each<number>("heap");
await untilHandled(count);
const handling = performance.now() - begun;
const after = await each<number>("heap");
const resident = await each<number>("resident");
const wrong = await numbersNotHandledOnce();
const heaps = before.map((bytes, i) => `${mebibytes(bytes)} to ${mebibytes(after[i] ?? 0)}`).join(", ");
const grown = Math.max(...after.map((bytes, i) => bytes - (before[i] ?? 0)));
console.log(`${count} letters stored ${rate(storing)}, then handled ${rate(handling)} by three instances`);
console.log(`heaps from the first tenth to the end in MiB: ${heaps}; resident: ${resident.map(mebibytes).join(", ")}`);
if (wrong.length > 0) console.log(`NOT HANDLED ONCE: ${wrong.length}, such as ${wrong.slice(0, 10).join(", ")}`);
if (grown > growth) console.log(`MEMORY GREW by ${mebibytes(grown)} MiB`);
if (wrong.length === 0 && grown <= growth) console.log("Each was handled once, and memory stayed flat");
else process.exitCode = 1;

/** Stores all letters. */
async function store(): Promise<void> {
  await using bus = connect({ service: "sender", servers: url, logger: false });
  await bus.connected();
  let next = 0;
  const some = async (): Promise<void> => {
    while (next < count) {
      const { status } = await bus
        .to(backlog)
        .count({ number: next++, text: "a letter that waits until somebody is there" });
      if (status !== "stored") throw new Error(`a letter was not stored: ${status}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, some));
}

async function start(name: string): Promise<Service> {
  const entry = new URL("./counter.js", import.meta.url);
  const service = await kit.service({ entry, name, nats: url, env: { LETTERS: String(count), LOG_LEVEL: "error" } });
  await service.ready;
  return service;
}

function each<T>(question: string): Promise<T[]> {
  return Promise.all(owners.map((owner) => owner.ask<T>(question)));
}

async function untilHandled(letters: number): Promise<void> {
  const handled = async () => (await each<number>("handled")).reduce((sum, of) => sum + of, 0);
  await eventually(async () => (await handled()) >= letters, {
    within: patience,
    what: `${letters} letters are handled`,
  });
}

async function numbersNotHandledOnce(): Promise<number[]> {
  const times = await each<Uint8Array>("times");
  const sum = (number: number): number => times.reduce((all, of) => all + (of[number] ?? 0), 0);
  return Array.from({ length: count }, (_, number) => number).filter((number) => sum(number) !== 1);
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function rate(ms: number): string {
  return `in ${(ms / 1_000).toFixed(1)} s (${Math.round(count / (ms / 1_000))}/s)`;
}

function mebibytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1);
}
