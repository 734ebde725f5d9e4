import type { Bus } from "muove";
import { stock } from "./contract.js";

export async function addressed(bus: Bus, instance: string, sku: string): Promise<string[]> {
  // #region addresses
  const any = bus.to(stock); // any instance; the server chooses
  const nearby = bus.to(stock, { tags: { region: "eu" } }); // any instance with these tags; it may have others
  const mine = bus.to(stock, { key: sku }); // the same instance for the same key, while it lives
  const that = bus.to(stock, { instance }); // this instance; monitors and bus.status name it
  // #endregion
  const outcomes = await Promise.all([any, nearby, mine, that].map((to) => to.level({ sku })));
  return outcomes.map(({ status }) => status);
}

export async function everyone(bus: Bus): Promise<Map<string | undefined, number | string>> {
  const levels = new Map<string | undefined, number | string>();
  // #region everyone
  for await (const { instance, outcome } of bus.toAll(stock).level({ sku: "tea" }, { timeout: 200 })) {
    levels.set(instance, outcome.status === "ok" ? outcome.value.pieces : outcome.reason);
  }
  // #endregion
  return levels;
}
