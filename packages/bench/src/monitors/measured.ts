import type { Traffic } from "./wire.js";

/** What a number of instances costs. Times are in ms. */
export interface Point {
  readonly instances: number;
  /** While nobody monitors. */
  readonly quiet: Traffic;
  readonly monitored: Traffic;
  /** Share of one CPU that one monitor takes more than without it. */
  readonly monitorCpu: number;
  /** The same of one instance. */
  readonly instanceCpu: number;
  readonly settle: number;
  readonly closed: number;
  readonly killed: number;
  /** Calls per second, to any instance. */
  readonly plain: number;
  /** The same by key. */
  readonly keyed: number;
  readonly everyone: number;
}
