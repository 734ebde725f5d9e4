import { cpus } from "node:os";
import { eventually, findNatsServer, type Service, type Testkit, testkit } from "@muove/testkit";
import { ratio, whole } from "../numbers.js";
import { markdownTable } from "../report/tables.js";
import { ratios, spread } from "../statistics.js";
import type { Tally } from "./contender.js";
import { startRedis } from "./redis.js";

// Compares letters: durable casts, the official JetStream client, BullMQ. All in one run, round by round.

const rounds = Number(process.argv[2] ?? 3);
const inFlights = [1, 64, 256];
/** How many letters a measurement sends, by letters in flight. */
const letters = (inFlight: number): number => (inFlight === 1 ? 2_000 : 20_000);

/** Letters per second. */
interface Rates {
  readonly stored: number;
  /** Sent, handled and acknowledged. */
  readonly handled: number;
}

await using kit = testkit();
if (findNatsServer() === undefined)
  throw new Error("letters need a nats-server: set NATS_SERVER to one of 2.10 or later");
const redis = await startRedis();
const contenders = ["muove", "official", ...(redis === undefined ? [] : ["bullmq"])];
const results = new Map<string, Rates[]>();
try {
  for (let round = 0; round < rounds; round++) {
    for (const inFlight of inFlights) for (const name of contenders) await measure(name, inFlight);
  }
} finally {
  await redis?.stop();
}
report();

/** Each measurement has a NATS and processes of its own, so that none pays for what another one left. */
async function measure(name: string, inFlight: number): Promise<void> {
  const nats = await (kit as Testkit).nats({ on: "nats-server", jetStream: true });
  const url = name === "bullmq" ? (redis as { url: string }).url : nats.url;
  const sender = await start("sender", name, url);
  const count = letters(inFlight);
  await sender.ask("send", 200, inFlight);
  const stored = count / Number(await sender.ask("send", count, inFlight));
  const handler = await start("handler", name, url);
  await handledBy(handler, count + 200);
  const begun = performance.now();
  await sender.ask("send", count, inFlight);
  const { sum } = await handledBy(handler, 2 * count + 200);
  const handled = (count * 1_000) / (performance.now() - begun);
  const expected = count * (count - 1) + 19_900;
  if (sum !== expected) throw new Error(`${name} handled other letters than were sent: ${sum}, not ${expected}`);
  await Promise.all([sender.kill(), handler.kill()]);
  await nats.stop();
  const key = `${name} ${inFlight}`;
  results.set(key, [...(results.get(key) ?? []), { stored, handled }]);
  process.stderr.write(`${key}: ${whole(stored)} stored/s, ${whole(handled)} handled/s\n`);
}

async function handledBy(handler: Service, count: number): Promise<Tally> {
  const within = 120_000;
  let tally: Tally = { count: 0, sum: 0 };
  await eventually(
    async () => {
      tally = await handler.ask<Tally>("handled");
      return tally.count >= count;
    },
    { within, every: 5 },
  );
  return tally;
}

async function start(role: string, name: string, url: string): Promise<Service> {
  const service = await (kit as Testkit).service({
    entry: new URL(`./${role}.js`, import.meta.url),
    args: [name],
    name: `${role} ${name}`,
    env: { LETTERS_URL: url, NODE_ENV: "production" },
  });
  await service.ready;
  return service;
}

function report(): void {
  const rates = (name: string, inFlight: number, what: keyof Rates): number[] =>
    (results.get(`${name} ${inFlight}`) ?? []).map((each) => each[what]);
  const row = (inFlight: number, what: keyof Rates): string[] => [
    `${inFlight}`,
    what === "stored" ? "stored" : "handled",
    ...contenders.map((name) => whole(spread(rates(name, inFlight, what)).median)),
    ...contenders.slice(1).map((name) => ratio(ratios(rates("muove", inFlight, what), rates(name, inFlight, what)))),
  ];
  const head = ["in flight", "letters/s", ...contenders, ...contenders.slice(1).map((name) => `muove against ${name}`)];
  const rows = inFlights.flatMap((inFlight) => [row(inFlight, "stored"), row(inFlight, "handled")]);
  process.stdout.write(`${markdownTable(head, rows)}\n\n`);
  process.stdout.write(`${rounds} rounds; Node ${process.versions.node}, ${cpus().length} cores\n`);
}
