import { call, mailbox } from "muove";
import { z } from "zod";
import { openBus, untilOpen } from "../../conformance/support/buses.js";
import { pricing } from "../../conformance/support/pricing.js";
import type { Broker } from "../../support/brokers.js";

export const shop = mailbox("shop", { order: call({ output: z.string(), timeout: 5_000 }) });

/** Serves the shop, whose handler calls pricing twice: once by its context, and once by the bus. */
export async function openShop(broker: Broker): Promise<void> {
  const front = openBus(broker, { service: "shop" });
  front.serve(shop, {
    async order(_, ctx) {
      await ctx.to(pricing).ping();
      await front.to(pricing).count();
      return "done";
    },
  });
  await untilOpen(front);
}
