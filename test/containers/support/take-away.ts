import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../../support/random.js";
import { type Other, others, type Shop, type Way, ways } from "./shop.js";

/** How many services may be away at the same time. */
const atOnce = 3;

/**
 * Takes each service away in each way, in random order and for a random time. All are back at the end, even if
 * something fails.
 */
export async function takeAwayAll(shop: Shop, random: Random): Promise<string[]> {
  const all = others.flatMap((service) => (Object.keys(ways) as Way[]).map((way) => ({ service, way })));
  const away = new Map<Other, () => Promise<void>>();
  const bringBack = async (service: Other): Promise<void> => {
    await away.get(service)?.();
    away.delete(service);
  };
  const taken: string[] = [];
  try {
    for (const { service, way } of random.shuffled(all)) {
      await bringBack(service);
      away.set(service, await shop.takeAway(service, way));
      taken.push(`${way} ${service}`);
      await sleep(random.next() * 500);
      const stay = Math.floor(random.next() * atOnce);
      for (const first of [...away.keys()].slice(0, Math.max(0, away.size - stay))) await bringBack(first);
    }
  } finally {
    for (const service of [...away.keys()]) await bringBack(service);
  }
  return taken;
}
