import type { Histogram } from "./histogram.js";
import type { Loaded } from "./load.js";

/** Runs from its creation until `stop()`. */
export class Stopwatch {
  readonly #cpu = process.cpuUsage();
  readonly #begin = performance.now();

  stop(times: Histogram, count: number): Loaded {
    const seconds = (performance.now() - this.#begin) / 1_000;
    const { user, system } = process.cpuUsage(this.#cpu);
    const [p50, p99, p999] = [times.quantile(0.5), times.quantile(0.99), times.quantile(0.999)];
    return { count, seconds, p50, p99, p999, cpu: user + system };
  }
}
