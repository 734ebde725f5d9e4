import { type Bus, call, mailbox } from "muove";
import { z } from "zod";
import { stock } from "./contract.js";

export const basket = mailbox("basket", {
  check: call({
    input: z.object({ sku: z.string() }),
    output: z.object({ available: z.boolean(), sure: z.boolean() }),
  }),
});

export function serveBasket(bus: Bus): void {
  // #region nested
  bus.serve(basket, {
    async check({ sku }, ctx) {
      const level = await ctx.to(stock).level({ sku }).orElse({ pieces: 1 });
      return { available: level.value.pieces > 0, sure: level.status === "ok" };
    },
  });
  // #endregion
}
