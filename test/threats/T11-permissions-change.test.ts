import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { guideUser } from "../support/guide-conf.js";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import { otherRights } from "./support/scene.js";
import { threat } from "./support/threat.js";

const rounds = 8;

threat("T11", "no call that ran ends as forbidden while permissions are granted and revoked", async (attack) => {
  const scene = await attack.guarded();
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  const { ledger } = serveStock(service, { concurrency: 1_000, backlog: 1_000 });
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const to = caller.to(stock);
  const { publish } = guideUser("basket");
  const made: { id: string; outcome: Promise<{ status: string; reason?: string; delivered: string }> }[] = [];
  let over = false;
  const calling = (async () => {
    while (!over) {
      for (let i = 0; i < 4; i++) {
        const id = `call ${made.length}`;
        made.push({ id, outcome: Promise.resolve(to.reserve({ id, ms: 50 })) as never });
      }
      await sleep(1);
    }
  })();
  for (let i = 0; i < rounds; i++) {
    await scene.nats.reload(otherRights(publish.filter((subject) => subject !== "muove.stock.*")));
    await sleep(60);
    await scene.nats.reload(otherRights(publish));
    await sleep(60);
  }
  over = true;
  await calling;
  const outcomes = await Promise.all(made.map(async ({ id, outcome }) => ({ id, ...(await outcome) })));
  const ran = new Set(ledger.ids);
  const forbidden = outcomes.filter(({ reason }) => reason === "forbidden");
  const lies = outcomes.filter(({ id, delivered }) => delivered === "no" && ran.has(id));
  attack.figure("calls reported as forbidden that ran", lies.length, `of ${forbidden.length}`);
  expect(lies).toEqual([]);
  expect(forbidden.length).toBeGreaterThan(0);
  expect(outcomes.filter(({ status }) => status === "ok").length).toBeGreaterThan(0);
});
