import { type Bus, connect } from "muove";
import { stock } from "./contract.js";

export async function restock(servers: string): Promise<string> {
  // #region script
  const bus = connect({ service: "restock", servers });
  const outcome = await bus.to(stock).level({ sku: "tea" }, { timeout: 5_000 }); // Waits for the first dial, if it must.
  await bus.close();
  // #endregion
  return outcome.status;
}

export async function ready(bus: Bus): Promise<void> {
  // #region connected
  if (!(await bus.connected({ timeout: 5_000 }))) throw new Error("NATS is not there");
  // #endregion
}
