import { eventually } from "@muove/testkit";
import { expect } from "vitest";
import { evilInbox } from "./support/scene.js";
import { countsOf, ledgerOf, megabytes } from "./support/services.js";
import { threat } from "./support/threat.js";

const calls = 100_000;
/** Slower than a service can take them, so that hardly any is refused as overloaded. */
const rate = 15_000;

threat(
  "T6",
  "calls with 100,000 different timeouts leave nothing behind",
  async (attack) => {
    const scene = await attack.guarded();
    const service = await scene.process("stock", { BACKLOG: "20000" });
    const peer = await scene.peer();
    const send = async (count: number, from: number): Promise<void> => {
      const { received } = await countsOf(service);
      const call = (i: number) => ["muove.stock.wait", { reply: evilInbox, payload: '{"ms":0}', ...after(from + i) }];
      await peer.flood(count, call as never, rate);
      await eventually(async () => (await countsOf(service)).received === received + count, { within: 30_000 });
    };
    await send(calls / 10, 0); // Warm, so that compiled code and pools do not count as growth.
    const before = await service.ask<number>("memory");
    const handledBefore = (await ledgerOf(service)).started.wait ?? 0;

    await send(calls, calls);

    const growth = megabytes((await service.ask<number>("memory")) - before);
    const handled = ((await ledgerOf(service)).started.wait ?? 0) - handledBefore;
    attack.figure("growth of the heap by 100,000 timeouts", growth, "MB");
    expect(handled).toBeGreaterThan(calls / 2);
    expect(growth).toBeLessThan(8);
  },
  { timeout: 120_000 },
);

const after = (i: number) => ({ headers: [`Muove-Timeout: ${2_147_483_647 - i * 1_000}`] });
