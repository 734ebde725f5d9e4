import type { Traffic } from "./wire.js";

/** The cost of a number of instances. Times are in ms. */
export interface Point {
  readonly instances: number;
  /** While nobody monitors. */
  readonly quiet: Traffic;
  readonly monitored: Traffic;
  /** The CPU share that one monitor adds to its process. */
  readonly monitorCpu: number;
  /** The CPU share that it adds to one instance. */
  readonly instanceCpu: number;
  readonly settle: number;
  readonly closed: number;
  readonly killed: number;
  /** Calls per second to any instance. */
  readonly plain: number;
  /** Calls per second by key. */
  readonly keyed: number;
  readonly everyone: number;
}
