import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Customer } from "./support/customer.js";
import { hasDocker } from "./support/docker.js";
import { random, shuffled } from "./support/random.js";
import { type Other, others, Shop, type Way, ways } from "./support/shop.js";

/** `MUOVE_SEEDS=7,8` plays these orders again. */
const seeds =
  process.env["MUOVE_SEEDS"]?.split(",").map(Number) ?? [1, 2, 3].map(() => Math.floor(Math.random() * 1e6));

/** How many may be away at the same time. */
const atOnce = 3;

describe.skipIf(!hasDocker)("[needs docker] the shop in containers", () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.create();
    await shop.compose("up", "--build", "--detach");
    await shop.whole();
  }, 600_000);

  afterAll(() => shop?.close(), 60_000);

  it.for(seeds)(
    "answers in time and never with a 5xx, whoever is taken away; seed %i",
    { timeout: 300_000 },
    async (seed) => {
      const customer = new Customer(shop.url);
      const begin = performance.now();
      const taken = await takeAwayAll(shop, random(seed));
      await shop.whole();
      const asked = await customer.leave();
      const seconds = ((performance.now() - begin) / 1_000).toFixed(0);
      console.log(`seed ${seed}, ${seconds} s: ${taken.join(", ")}\n  ${JSON.stringify(asked)}`);
      expect(asked.complaints).toEqual([]);
      expect(asked.asked).toBeGreaterThan(100);
    },
  );
});

/** Takes each of them away in each way, in a random order, for a random while, up to three at the same time. */
async function takeAwayAll(shop: Shop, next: () => number): Promise<string[]> {
  const all = others.flatMap((service) => (Object.keys(ways) as Way[]).map((way) => ({ service, way })));
  const away = new Map<Other, () => Promise<void>>();
  const taken: string[] = [];
  for (const { service, way } of shuffled(all, next)) {
    await away.get(service)?.();
    away.set(service, await shop.takeAway(service, way));
    taken.push(`${way} ${service}`);
    await sleep(next() * 500);
    while (away.size > Math.floor(next() * atOnce)) {
      const [first, back] = [...away][0] as [Other, () => Promise<void>];
      await back();
      away.delete(first);
      await sleep(next() * 200);
    }
  }
  for (const back of away.values()) await back();
  return taken;
}
