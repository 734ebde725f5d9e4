import type { Bus } from "muove";
import { heapInUse } from "../../services/heap.js";
import type { LogFigures } from "./counted-log.js";
import { noteStalls } from "./stalls.js";

/** What a test can ask every process. */
export function vitals(bus: Bus, log: { figures(): LogFigures }) {
  const stalls = noteStalls();
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  setInterval(look, 20).unref();
  return {
    status: () => bus.status,
    health: () => bus.health,
    log: () => log.figures(),
    /** The heap after a collection, in bytes. */
    memory: heapInUse,
    /** The peak of the resident memory since the last time, in bytes. */
    peak() {
      look();
      const was = peak;
      peak = 0;
      return was;
    },
    /** CPU time used, in ms. */
    cpu() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
    /** The stalls since the last time. */
    stalls: () => stalls.taken(),
  };
}
