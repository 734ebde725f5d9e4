import { type Bus, cast, mailbox } from "muove";
import { z } from "zod";

export const prices = mailbox("prices", { set: cast({ input: z.object({ sku: z.string(), cents: z.int() }) }) });

/** Where prices are kept. */
export interface Shelf {
  write(sku: string, cents: number): Promise<void>;
}

export function servePrices(bus: Bus, shelf: Shelf): void {
  // #region serial
  bus.serve(prices, { set: ({ sku, cents }) => shelf.write(sku, cents) }, { serialByKey: true });
  // #endregion
}

export function change(bus: Bus, sku: string): void {
  // #region serial-cast
  const price = bus.to(prices, { key: sku });
  price.set({ sku, cents: 100 });
  price.set({ sku, cents: 200 }); // It ends as 200.
  // #endregion
}
