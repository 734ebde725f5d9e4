import type { Tallied } from "./tally.js";

/** The result of one load. */
export interface Point {
  /** The load, as a multiple of the capacity. */
  readonly factor: number;
  readonly rate: number;
  readonly result: Tallied;
}

/** A whole curve. */
export interface Measured {
  readonly on: string;
  /** Answers per second with 16 calls in flight, before and after the curve; the mean is the capacity. */
  readonly capacities: readonly [number, number];
  readonly points: readonly Point[];
  /** The service's heap in bytes, before and after. */
  readonly heap: readonly [number, number];
}
