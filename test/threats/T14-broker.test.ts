import { readFileSync } from "node:fs";
import { eventually, type Nats } from "@muove/testkit";
import { expect } from "vitest";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import { Peer } from "./support/peer.js";
import type { Scene } from "./support/scene.js";
import { threat } from "./support/threat.js";

/** Checks that other services still work. Resolves to how long a call takes, in ms. */
async function served(scene: Scene): Promise<number> {
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  serveStock(service);
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const started = performance.now();
  expect(await caller.to(stock).level({ sku: "tea" }, { timeout: 5_000 })).toMatchObject({ status: "ok" });
  return performance.now() - started;
}

/** The resident memory of the process, in MB. */
function resident({ pid }: Nats): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}

const subscriptions = 140_000;

threat(
  "T14",
  "a message to 140,000 subscriptions does not end the broker's process",
  async (attack) => {
    const scene = await attack.open();
    const peer = await Peer.open(scene.nats.port);
    peer.say(Array.from({ length: subscriptions }, (_, i) => `SUB many ${i + 1}\r\n`).join(""));
    await peer.flush();
    peer.publish("many", { payload: "one" });
    await peer.flush();
    attack.figure("a call of others, after a message to 140,000 subscriptions", await served(scene));
    expect(scene.nats.running).toBe(true);
    expect(scene.nats.output).not.toMatch(/RangeError|heap/);
    await peer.close();
    expect(await served(scene)).toBeLessThan(5_000);
  },
  { timeout: 120_000 },
);

threat("T14", "subjects of up to 100,000 tokens do not end the broker's process", async (attack) => {
  const scene = await attack.open({ config: { maxControlLine: 262_144 } });
  const deep = (tokens: number): string => new Array(tokens).fill("a").join(".");
  for (const tokens of [1_000, 20_000, 100_000]) {
    const peer = await Peer.open(scene.nats.port);
    peer.say(`SUB ${deep(tokens)} 1\r\nSUB ${deep(tokens)}.> 2\r\nSUB ${deep(tokens).replaceAll("a", "*")} 3\r\n`);
    peer.publish(deep(tokens), { payload: "one" });
    peer.publish(`${deep(tokens)}.b`, { payload: "two" });
    peer.say("UNSUB 1\r\n");
    await peer.flush(); // Or until the broker has ended the connection, as it may.
    await peer.close();
    expect(scene.nats.running, `after ${tokens} tokens`).toBe(true);
  }
  attack.figure("a call of others, after subjects of 100,000 tokens", await served(scene));
});

threat("T14", "the broker's memory of the subjects that it has seen is bounded", async (attack) => {
  const scene = await attack.open();
  await served(scene);
  const peer = await Peer.open(scene.nats.port, undefined, false);
  const before = resident(scene.nats);
  peer.say(Array.from({ length: 20_000 }, (_, i) => `SUB seen.> ${i + 1}\r\n`).join(""));
  await peer.flush();
  await peer.flood(4_000, (i) => [`seen.${i}`, {}]); // Each of them matches 20,000 subscriptions.
  const grown = resident(scene.nats) - before;
  attack.figure("growth of the broker by 4,000 subjects that match 20,000 subscriptions", grown, "MB");
  expect(grown).toBeLessThan(150);
  await served(scene);
});
