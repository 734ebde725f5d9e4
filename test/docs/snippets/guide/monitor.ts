import type { Bus } from "muove";
import { stock } from "./contract.js";

export function watchStock(bus: Bus, notes: string[]) {
  // #region monitor
  const monitor = bus.monitor(stock);
  monitor.on("up", ({ instance, version }) => notes.push(`${instance} is there, with version ${version}`));
  monitor.on("down", ({ instance, reason }) => notes.push(`${instance ?? "everybody"} is ${reason}`));
  // #endregion
  return monitor;
}
