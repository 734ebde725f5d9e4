// 07  Testing that you degrade well
//
// A test of your own service: take away what it uses, in every possible way, and check its answers. This one is a plain
// program; in a test runner, each fault is a test, and `kit.close()` goes into the teardown.

import assert from "node:assert/strict";
import { eventually, testkit } from "@muove/testkit";
import { connect } from "muove";
import { pricing } from "./pricing-contract.js";

// NATS, the service that yours depends on, and the network between yours and NATS: all of it real, and gone at the end.
const kit = testkit();
const nats = await kit.nats();
const path = await kit.proxy(nats.url);
const entry = new URL("./pricing-service.js", import.meta.url);
let target = await kit.service({ entry, nats: nats.url });

// Your service: it shows prices in a shop window. It notices a silent connection after three times the pingInterval.
const bus = connect({ service: "window", servers: path.url, logger: false, pingInterval: 200 });

interface Label {
  readonly text: string;
  readonly state: string;
}

async function label(sku: string): Promise<Label> {
  const price = await bus.to(pricing).quote({ sku }).orElse({ cents: 500 });
  return price.status === "ok"
    ? { text: `${price.value.cents} cents`, state: "ok" }
    : { text: `about ${price.value.cents} cents`, state: price.reason };
}

// The test: whatever is wrong, there is a label, and soon. It waits for the state that a fault causes.
let slowest = 0;
async function labelWhen(state: string): Promise<string> {
  return await eventually(async () => {
    const started = performance.now();
    const seen = await label("tea");
    slowest = Math.max(slowest, performance.now() - started);
    return seen.state === state && `${seen.text} (${seen.state})`;
  });
}

async function test(fault: string, harm: () => unknown, state: string, repair: () => unknown): Promise<void> {
  await harm();
  const during = await labelWhen(state);
  await repair();
  console.log(`${fault.padEnd(24)} ${during}, then ${await labelWhen("ok")}`);
}

const nothing = (): void => {};
const another = async (): Promise<void> => {
  target = await kit.service({ entry, nats: nats.url });
};
const subject = "muove.pricing.quote";

await test("nothing is wrong", nothing, "ok", nothing);
await test("the target is killed", () => target.kill(), "absent", another);
await test("the target ends", () => target.terminate(), "absent", another);
await test(
  "the target hangs",
  () => target.stop(),
  "timeout",
  () => target.continue(),
);
await test("the target gets garbage", () => kit.garbage({ url: nats.url, subject }), "ok", nothing);
await test(
  "NATS is killed",
  () => nats.kill(),
  "unreachable",
  () => nats.start(),
);
await test(
  "NATS hangs",
  () => nats.stop(),
  "timeout",
  () => nats.continue(),
);
await test(
  "the path is slow",
  () => path.slow(200),
  "timeout",
  () => path.heal(),
);
await test(
  "the path is refused",
  () => path.refuse(),
  "unreachable",
  () => path.heal(),
);
await test(
  "the path is a black hole",
  () => path.blackHole(),
  "timeout",
  () => path.heal(),
);
await test(
  "the path stalls",
  () => path.stall(),
  "timeout",
  () => path.heal(),
);
await test("the path is cut", () => path.cut(), "ok", nothing);
await test("the path brings garbage", () => path.garbage(), "ok", nothing);

assert.ok(slowest < 1_000, `the slowest label took ${Math.round(slowest)} ms`);
console.log("No label took a second.");

await bus.close();
await kit.close();

// Output:
// nothing is wrong         450 cents (ok), then 450 cents (ok)
// the target is killed     about 500 cents (absent), then 450 cents (ok)
// the target ends          about 500 cents (absent), then 450 cents (ok)
// the target hangs         about 500 cents (timeout), then 450 cents (ok)
// the target gets garbage  450 cents (ok), then 450 cents (ok)
// NATS is killed           about 500 cents (unreachable), then 450 cents (ok)
// NATS hangs               about 500 cents (timeout), then 450 cents (ok)
// the path is slow         about 500 cents (timeout), then 450 cents (ok)
// the path is refused      about 500 cents (unreachable), then 450 cents (ok)
// the path is a black hole about 500 cents (timeout), then 450 cents (ok)
// the path stalls          about 500 cents (timeout), then 450 cents (ok)
// the path is cut          450 cents (ok), then 450 cents (ok)
// the path brings garbage  450 cents (ok), then 450 cents (ok)
// No label took a second.
