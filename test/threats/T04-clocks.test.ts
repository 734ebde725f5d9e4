import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { tally } from "../failures/support/load.js";
import { stock } from "./services/contract.js";
import { serveStock } from "./services/serve.js";
import { evilInbox, type Scene } from "./support/scene.js";
import { threat } from "./support/threat.js";

async function ready(scene: Scene) {
  const [service, caller] = [await scene.bus("stock"), await scene.bus("basket")];
  const circuits: unknown[] = [];
  caller.on("circuitOpened", (event) => circuits.push(event));
  const { ledger } = serveStock(service);
  await eventually(() => service.status.mailboxes[0]?.state === "open");
  const to = caller.to(stock);
  let made = 0;
  /** Makes twenty calls and tallies their outcomes. No handler may have run for those that say so. */
  const twenty = async () => {
    const all = Array.from({ length: 20 }, () => ({ id: `call ${made++}` }));
    const outcomes = await Promise.all(all.map(({ id }) => to.reserve({ id, ms: 0 })));
    const refused = outcomes.flatMap(({ delivered }, i) => (delivered === "no" ? [all[i]?.id as string] : []));
    expect(refused.filter((id) => ledger.ids.includes(id))).toEqual([]);
    return tally(outcomes);
  };
  expect(await twenty()).toEqual({ ok: 20 });
  const sender = `Muove-From: basket/${caller.status.instance}`;
  return { twenty, circuits, sender };
}

const request = { reply: evilInbox, payload: '{"sku":"tea"}' };

threat(
  "T4",
  "a clock that the peer forges in a caller's name delays and drops none of that caller's calls",
  async (attack) => {
    const scene = await attack.guarded();
    const { twenty, circuits, sender } = await ready(scene);
    const peer = await scene.peer();
    const now = Math.round(performance.now());
    const clocks = [0, 1, now - 100_000, now, now + 100_000, now + 1e9, 2 ** 31, 999_999_999_999_999];
    let answered = 0;
    for (const clock of clocks) {
      const headers = [sender, `Muove-Clock: ${Math.max(0, clock)}`, "Muove-Timeout: 2000"];
      peer.publish("muove.stock.level", { ...request, headers });
      await peer.flush();
      expect(await twenty(), `after the clock ${clock}`).toEqual({ ok: 20 });
      answered += 20;
    }
    expect(circuits).toEqual([]);
    attack.figure("calls answered after a forged clock", answered, `of ${20 * clocks.length}`);
  },
);

// Such a peer has seen the caller's messages: as the same NATS user, or on an open NATS.
threat("T4", "one forged message with the known clock of a caller gets none of its calls refused", async (attack) => {
  const scene = await attack.open();
  const { twenty, circuits, sender } = await ready(scene);
  const [peer, witness] = [await scene.peer(), await scene.witness("muove.stock.reserve")];
  let refused = 0;
  for (const ahead of [100_000, -100_000, 1_000, -1_000, 299_000, -299_000]) {
    witness.forget();
    await twenty();
    const [, clock] = /Muove-Clock: (\d+)/.exec(witness.heard.at(-1)?.headers ?? "") ?? [];
    const headers = [sender, `Muove-Clock: ${Number(clock) + ahead}`, "Muove-Timeout: 2000"];
    peer.publish("muove.stock.level", { ...request, headers });
    await peer.flush();
    const { ok = 0, "overloaded/no": late = 0, ...others } = await twenty();
    expect(others, `after a clock ${ahead} ms ahead`).toEqual({});
    expect(ok + late).toBe(20);
    refused += late;
  }
  expect(circuits).toEqual([]);
  expect(refused).toBe(0);
  attack.figure("calls refused as overloaded after one message with a known clock, forged", refused, "of 120");
});
