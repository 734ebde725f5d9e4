import { randomBytes } from "node:crypto";
import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import type { Peer } from "./support/peer.js";
import { evilInbox } from "./support/scene.js";
import { statusOf, taken } from "./support/services.js";
import { threat } from "./support/threat.js";

const waiting = 10_000;
const strays = 20_000;

const id = (): string => randomBytes(16).toString("base64url");

async function cancelStrays(peer: Peer): Promise<void> {
  await peer.flood(strays, () => ["muove.stock._cancel", { headers: [`Muove-Call: ${id()}`] }]);
}

threat(
  "T8",
  "a stray cancellation takes as long with a backlog of 10,000 as with none",
  async (attack) => {
    const scene = await attack.guarded();
    const service = await scene.process("stock", { CONCURRENCY: "1", BACKLOG: String(2 * waiting) });
    const { instance } = await statusOf(service);
    const peer = await scene.peer();
    await peer.subscribe(evilInbox);
    /** The CPU time of the service for each of them, in µs. */
    const measured = async (): Promise<number> => {
      const before = await service.ask<number>("cpu");
      await cancelStrays(peer);
      await taken(peer, instance);
      return ((await service.ask<number>("cpu")) - before) * (1_000 / strays);
    };
    await measured(); // Warm.
    const empty = await measured();

    const headers = () => ["Muove-Timeout: 2147483647", `Muove-Call: ${id()}`];
    const wait = { reply: evilInbox, payload: '{"ms":2000000000}' };
    await peer.flood(waiting, () => ["muove.stock.wait", { ...wait, headers: headers() }]);
    await eventually(async () => ((await statusOf(service)).mailboxes[0]?.waiting ?? 0) > waiting - 100);
    await service.ask("stalls");
    const full = await measured();

    attack.figure("CPU time of a stray cancellation with an empty backlog", empty, "µs");
    attack.figure("CPU time of a stray cancellation with a backlog of 10,000", full, "µs");
    expect((await statusOf(service)).mailboxes[0]?.waiting).toBeGreaterThan(waiting / 2);
    expect(full).toBeLessThan(3 * empty + 5);
  },
  { timeout: 180_000 },
);
