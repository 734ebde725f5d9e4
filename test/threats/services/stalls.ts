/** A time in which an event loop did not turn. */
export interface Stall {
  /** ms since the epoch */
  readonly from: number;
  readonly ms: number;
}

const every = 5;
const least = 15;
const most = 100_000;

/** Notes for how long this process's event loop stands still, from 15 ms on. */
export function noteStalls(): { taken(): Stall[] } {
  const stalls: Stall[] = [];
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    const ms = now - last - every;
    if (ms >= least && stalls.length < most) stalls.push({ from: Date.now() - ms, ms });
    last = now;
  };
  setInterval(tick, every).unref();
  return { taken: () => stalls.splice(0) };
}

/**
 * The longest stall, in ms, less what an idle process beside it stood still at the same time: that is the machine's doing.
 */
export function longestNet(stalls: readonly Stall[], idle: readonly Stall[]): number {
  const net = stalls.map(({ from, ms }) => {
    const shared = idle.map((other) => Math.min(from + ms, other.from + other.ms) - Math.max(from, other.from));
    return ms - Math.max(0, ...shared);
  });
  return Math.max(0, ...net);
}
