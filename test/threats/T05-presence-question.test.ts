import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import { threat } from "./support/threat.js";

/** Too long for a timer, which would fire at once. */
const beyond = ["1e12", "1e300"];
const numbers = [
  ...beyond,
  "1e308",
  String(2 ** 31),
  String(2 ** 53),
  "1e999",
  "-1",
  "0",
  "0.001",
  '"1"',
  "null",
  "[]",
];
const during = 2_000;

threat("T5", "no question makes an instance beat more than ten times a second", async (attack) => {
  const scene = await attack.guarded();
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  serveStock(service);
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const [peer, witness] = [await scene.peer(), await scene.witness()];
  const { instance } = service.status;
  const ask = (intervals: readonly string[], leases: readonly string[]): void => {
    for (const interval of intervals) {
      for (const lease of leases) {
        const payload = `{"interval":${interval},"lease":${lease}}`;
        for (const to of ["_all", `_i.${instance}`]) peer.publish(`muove.stock.${to}._watch`, { payload });
      }
    }
  };
  const beatsPerSecond = async (): Promise<number> => {
    await peer.flush();
    witness.forget();
    await sleep(during);
    return witness.heard.filter(({ payload }) => payload.includes('"beat"')).length / (during / 1_000);
  };
  ask(beyond, beyond);
  const slowest = await beatsPerSecond();
  ask(numbers, numbers);
  const beats = Math.max(slowest, await beatsPerSecond());
  attack.figure("beats of an instance", beats, "per second");
  expect(beats).toBeLessThan(12);
  // Proper questions are still answered.
  const monitor = caller.monitor(stock);
  expect(await monitor.whenSettled()).toBe(true);
  expect(monitor.instances).toMatchObject([{ instance }]);
  monitor.stop();
});
