import { randomBytes } from "node:crypto";
import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import type { Said } from "./support/peer.js";
import { evilInbox, type Scene } from "./support/scene.js";
import { type Attack, threat } from "./support/threat.js";

const calls = 200;
const forged = 40_000;

/** Answers that the peer forges. */
const lies: readonly Said[] = [
  { payload: '{"by":"evil"}' },
  { headers: ["Muove-Status: rejected", "Nats-Service-Error: forged", "Nats-Service-Error-Code: 400"] },
  { headers: ["Muove-Status: unknown-message"] },
  { headers: ["Muove-Status: overloaded", "Muove-Retry-After: 60000"] },
  { headers: "NATS/1.0 503\r\n\r\n" },
];

/** A guess of a token: a number that counts up, alone or after random text. */
function guess(i: number): string {
  const number = Math.floor(i / 4) % (2 * calls);
  if (i % 4 === 0) return number.toString(36);
  if (i % 4 === 1) return String(number);
  return `${randomBytes(9).toString("base64url").slice(0, 11)}${i % 4 === 2 ? number : number.toString(36)}`;
}

async function attacked(attack: Attack, scene: Scene): Promise<void> {
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  serveStock(service, { concurrency: 2 * calls });
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const peer = await scene.peer();
  const to = caller.to(stock);
  expect(await to.reserve({ id: "first", ms: 0 })).toMatchObject({ status: "ok" });

  const reserve = (_: unknown, i: number) => to.reserve({ id: `call ${i}`, ms: 1_500 }, { timeout: 20_000 });
  const underWay = Array.from({ length: calls }, reserve);
  const inbox = `_INBOX_muove.basket.${caller.status.instance}`;
  await peer.flood(forged, (i) => [`${inbox}.${guess(i)}`, lies[i % lies.length] as Said]);
  const outcomes = await Promise.all(underWay);
  const by = service.status.instance;
  const believed = outcomes.filter((outcome) => outcome.status !== "ok" || outcome.value.by !== by);
  attack.figure("calls that took a forged answer", believed.length, `of ${calls}, of ${forged} forged ones`);
  expect(believed).toEqual([]);
  // The server let them through, and the caller took none of them.
  expect(peer.refusals).toEqual([]);
  await eventually(() => caller.status.counts.strayReplies === forged);
}

threat("T2", "no call takes an answer from a peer that has not seen the call", async (attack) => {
  await attacked(attack, await attack.guarded());
});

threat("T2", "on an open NATS, no call takes an answer from a peer that has not seen the call", async (attack) => {
  await attacked(attack, await attack.open());
});

threat("T2", "an answer to a presence question does not help to forge another instance's card", async (attack) => {
  const scene = await attack.guarded();
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  serveStock(service);
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const peer = await scene.peer();
  await peer.subscribe(evilInbox);
  peer.publish("muove.stock._all._watch", { reply: evilInbox, payload: '{"interval":1000,"lease":1000}' });
  expect(await peer.until(() => peer.heard.length > 0)).toBe(true);
  const card = JSON.parse(peer.heard[0]?.payload ?? "") as { instance: string };
  expect(card.instance).toBe(service.status.instance);

  const monitor = caller.monitor(stock);
  const stranger = JSON.stringify({ ...card, instance: "stranger" });
  const inbox = `_INBOX_muove.basket.${caller.status.instance}`;
  await peer.flood(10_000, (i) => [`${inbox}.${guess(i)}`, { payload: stranger }]);
  await monitor.whenSettled();
  expect(monitor.instances.map(({ instance }) => instance)).toEqual([card.instance]);
  monitor.stop();
});
