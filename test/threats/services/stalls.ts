/** A time in which an event loop did not turn. */
export interface Stall {
  /** ms since the epoch */
  readonly from: number;
  readonly ms: number;
  /** The CPU time that the process used in it, of all its threads, in ms. */
  readonly cpu: number;
}

const every = 5;
const least = 15;
const most = 100_000;

/** Notes for how long this process's event loop stands still, from 15 ms on. */
export function noteStalls(): { taken(): Stall[] } {
  const stalls: Stall[] = [];
  let last = performance.now();
  let used = process.cpuUsage();
  const tick = (): void => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(used);
    const ms = now - last - every;
    if (ms >= least && stalls.length < most) stalls.push({ from: Date.now() - ms, ms, cpu: (user + system) / 1_000 });
    last = now;
    used = process.cpuUsage();
  };
  setInterval(tick, every).unref();
  return { taken: () => stalls.splice(0) };
}

/**
 * The longest stall, in ms, less what is the machine's doing: what an idle process beside it stood still at the same time, and what was
 * given to others of the CPU.
 */
export function longestNet(stalls: readonly Stall[], idle: readonly Stall[] = []): number {
  const net = stalls.map(({ from, ms, cpu }) => {
    const shared = idle.map((other) => Math.min(from + ms, other.from + other.ms) - Math.max(from, other.from));
    return Math.min(cpu, ms - Math.max(0, ...shared));
  });
  return Math.max(0, ...net);
}
