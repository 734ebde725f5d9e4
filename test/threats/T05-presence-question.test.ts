import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import { threat } from "./support/threat.js";

const numbers = ["1e12", "1e308", "1e999", "-1", "0", "0.001", String(2 ** 31), String(2 ** 53), '"1"', "null", "[]"];
const during = 3_000;

threat("T5", "no question makes an instance beat more than ten times a second", async (attack) => {
  const scene = await attack.guarded();
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  serveStock(service);
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const [peer, witness] = [await scene.peer(), await scene.witness()];
  const { instance } = service.status;
  for (const interval of numbers) {
    for (const lease of numbers) {
      const payload = `{"interval":${interval},"lease":${lease}}`;
      for (const to of ["_all", `_i.${instance}`]) peer.publish(`muove.stock.${to}._watch`, { payload });
    }
  }
  await peer.flush();
  witness.forget();
  await sleep(during);
  const beats = witness.heard.filter(({ payload }) => payload.includes('"beat"')).length / (during / 1_000);
  attack.figure("beats of an instance", beats, "per second");
  expect(beats).toBeLessThan(12);
  // And who asks properly is still heard.
  const monitor = caller.monitor(stock);
  expect(await monitor.whenSettled()).toBe(true);
  expect(monitor.instances).toMatchObject([{ instance }]);
  monitor.stop();
});
