import type { Bus, Handlers } from "muove";
import { stock } from "./contract.js";

export function publish(bus: Bus, handlers: Handlers<typeof stock.messages>): string {
  // #region publish
  const own = bus.serve(stock, handlers);
  const receipt = own.publish.soldOut({ sku: "tea" }); // Like a cast: no await; it throws only for programmer errors.
  // #endregion
  return receipt.status;
}

export function listen(bus: Bus, shown: Set<string>) {
  // #region listen
  const listener = bus.on(stock.events.soldOut, ({ sku }, ctx) => {
    shown.delete(sku);
    ctx.log.info({ sku }, "not shown any more");
  });
  // #endregion
  return listener;
}

export function reorder(bus: Bus, order: (sku: string) => Promise<void>) {
  // #region group
  const listener = bus.on(stock.events.soldOut, ({ sku }) => order(sku), { group: "reorder", concurrency: 1 });
  // #endregion
  return listener;
}
