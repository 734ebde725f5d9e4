/** A time in which an event loop was blocked. */
export interface Stall {
  /** ms since the epoch */
  readonly from: number;
  readonly ms: number;
  /** The CPU time that all threads of the process used in it, in ms. */
  readonly cpu: number;
}

const every = 5;
const least = 15;
const most = 100_000;

/** Notes the stalls of this process's event loop, from 15 ms on. */
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
 * The longest stall, in ms, without what the machine caused: the time in which an idle process stalled, too, and the
 * time in which others had the CPU.
 */
export function longestNet(stalls: readonly Stall[], idle: readonly Stall[] = []): number {
  const net = stalls.map(({ from, ms, cpu }) => {
    const shared = idle.map((other) => Math.min(from + ms, other.from + other.ms) - Math.max(from, other.from));
    return Math.min(cpu, ms - Math.max(0, ...shared));
  });
  return Math.max(0, ...net);
}
