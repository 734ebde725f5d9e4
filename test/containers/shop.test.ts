import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@muove/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../support/random.js";
import { until } from "../support/until.js";
import { Customer } from "./support/customer.js";
import { docker, hasDocker, inspect, killFromOutside } from "./support/docker.js";
import { others, Shop } from "./support/shop.js";
import { takeAwayAll } from "./support/take-away.js";

/** `MUOVE_SEEDS=7,8` repeats these orders. */
const seeds =
  process.env.MUOVE_SEEDS?.split(",").map(Number) ?? [1, 2, 3].map(() => Math.floor(Math.random() * 1_000_000));

/** The bound that follows from nats.conf, ping_interval × (ping_max + 2), and what a test may add to it, in ms. */
const silenceBound = 8_000;
const slack = 1_500;

describe.skipIf(!hasDocker)("[needs docker] the shop in containers", { timeout: 180_000 }, () => {
  let shop: Shop;

  beforeAll(async () => {
    shop = await Shop.create();
    await shop.compose("build");
    await shop.compose("up", "--no-start");
  }, 600_000);

  afterAll(() => shop?.close(), 60_000);

  it("opens with nobody else there, and is complete once the others come, NATS last", async () => {
    const services = others.filter((name) => name !== "nats");
    await shop.compose("start", "storefront");
    const alone = await eventually(() => shop.page(), { within: 60_000 });
    expect(alone.price).toEqual({ cents: 1490 });
    expect(Object.keys(alone.degraded)).toEqual(["product", "price", "stock", "recommendations"]);
    await shop.compose("start", ...services);
    const healths = () => Promise.all(services.map((name) => inspect(shop.container(name), ".State.Health.Status")));
    await eventually(async () => (await healths()).every((health) => health === "healthy"), { within: 60_000 });
    expect(Object.keys((await shop.page()).degraded)).toHaveLength(4);
    await shop.compose("start", "nats");
    await shop.whole();
  });

  it("has small images that do not run as root; prints how long one takes to open its mailbox", async () => {
    const [megabytes, own] = await sizes("shop-pricing");
    expect(await inspect("shop-pricing", ".Config.User")).toBe("node");
    expect(own).toBeLessThan(25);
    await docker(["stop", shop.container("pricing")]);
    const times: number[] = [];
    try {
      for (let run = 0; run < 5; run++) times.push(await timeToOpen(shop));
    } finally {
      await docker(["start", shop.container("pricing")]);
    }
    await shop.whole();
    times.sort((one, other) => one - other);
    const list = times.map((ms) => Math.round(ms)).join(", ");
    console.log(
      `shop-pricing: ${megabytes} MB, ${own} MB of it on top of the base image; mailbox open after ${list} ms`,
    );
  });

  it("restarts a service that its host killed, and the service answers again", async () => {
    const pricing = shop.container("pricing");
    const before = await restartsOf(pricing);
    await killFromOutside(pricing);
    await eventually(async () => (await restartsOf(pricing)) === before + 1, { within: 20_000 });
    await shop.whole();
  });

  it("restarts a service that was killed out of memory, and the service answers again", async () => {
    const inventory = shop.container("inventory");
    const [since, before] = [await eventTime(), await restartsOf(inventory)];
    // Makes the kernel choose the service when another process takes all the memory.
    const hog = `require("fs").writeFileSync("/proc/1/oom_score_adj", "1000");
      for (const taken = []; ; ) taken.push(Buffer.alloc(16 << 20, 1));`;
    await docker(["exec", inventory, "node", "-e", hog]).catch(() => {});
    await eventually(async () => (await restartsOf(inventory)) === before + 1, { within: 20_000 });
    const filters = ["--filter", `container=${inventory}`, "--filter", "event=oom"];
    expect(await docker(["events", "--since", since, "--until", await eventTime(), ...filters])).toContain("oom");
    await shop.whole();
  });

  it("sends a silent instance of three its share for no longer than the server's settings bound (F23)", async () => {
    await shop.compose("up", "--detach", "--no-recreate", "--scale", "pricing=3");
    const three = [1, 2, 3].map((index) => shop.container("pricing", index));
    const healthy = async (name: string) => (await inspect(name, ".State.Health.Status")) === "healthy";
    const all = async () => (await Promise.all(three.map(healthy))).every(Boolean);
    await until("all three are healthy", all, 60_000);
    await shop.whole();
    const lost = performance.now();
    const back = await shop.takeAway("pricing", "disconnect", 2);
    const degraded: { readonly at: number; readonly reason: string }[] = [];
    let asked = 0;
    while (performance.now() - lost < silenceBound + 3 * slack) {
      const { price } = (await shop.page()).degraded;
      asked++;
      if (price !== undefined) degraded.push({ at: Math.round(performance.now() - lost), reason: price.reason });
      await sleep(20);
    }
    await back();
    const reasons = [...new Set(degraded.map(({ reason }) => reason))].join(", ");
    const last = degraded.at(-1)?.at ?? 0;
    console.log(
      `silent: ${degraded.length} of ${asked} pages had no current price (${reasons}), the last after ${last} ms`,
    );
    expect(degraded.length).toBeGreaterThan(0);
    expect(last).toBeLessThan(silenceBound + slack);
    await shop.compose("up", "--detach", "--no-recreate", "--scale", "pricing=1");
  });

  it.for(seeds)(
    "answers in time and never with a 5xx, whatever is taken away; seed %i",
    { timeout: 300_000 },
    async (seed) => {
      const customer = new Customer(shop.url);
      const begin = performance.now();
      try {
        const taken = await takeAwayAll(shop, new Random(seed));
        console.log(`seed ${seed}: ${taken.join(", ")}`);
        await shop.whole();
      } finally {
        const asked = await customer.leave();
        console.log(`seed ${seed}, ${Math.round((performance.now() - begin) / 1_000)} s: ${JSON.stringify(asked)}`);
        expect(asked.complaints).toEqual([]);
        expect(asked.asked).toBeGreaterThan(100);
      }
    },
  );
});

const restartsOf = async (container: string): Promise<number> => Number(await inspect(container, ".RestartCount"));

/** From `docker run` to the first page with its price, in ms. */
async function timeToOpen(shop: Shop): Promise<number> {
  const [network, name] = [`${shop.project}_default`, `${shop.project}-timed-${Date.now()}`];
  const owner = `com.docker.compose.project=${shop.project}`;
  const begin = performance.now();
  const env = ["--env", "NATS_URL=nats://nats:4222"];
  await docker(["run", "--detach", "--name", name, "--label", owner, "--network", network, ...env, "shop-pricing"]);
  try {
    await until("it answers", async () => (await shop.page()).degraded.price === undefined, 60_000);
    return performance.now() - begin;
  } finally {
    await docker(["stop", name]);
    await docker(["rm", name]);
    await eventually(async () => (await shop.page()).degraded.price !== undefined);
  }
}

/** The size of an image, and of what it adds to its base, in MB. */
async function sizes(image: string): Promise<[number, number]> {
  const [all, base] = await Promise.all([inspect(image, ".Size"), inspect("node:20-slim", ".Size")]);
  return [Math.round(Number(all) / 1e6), Math.round((Number(all) - Number(base)) / 1e6)];
}

/** The time by the engine's clock, which may differ from ours. */
async function eventTime(): Promise<string> {
  return String(Date.parse(await docker(["info", "--format", "{{.SystemTime}}"])) / 1_000);
}
