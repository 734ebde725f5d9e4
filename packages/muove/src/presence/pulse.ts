/** How often instances send beats, and for how long. */
export interface Pulse {
  /** The time between two beats of an instance, in ms. */
  readonly interval: number;
  /** How long it continues without a renewal, in ms. */
  readonly lease: number;
}

/** Short enough to notice a killed process within a second. */
const shortest = 400;
const longest = 60_000;
/** The most beats that one monitor gets, whatever the number of instances. */
const maxBeatsPerSecond = 400;
/** The lease in intervals. A monitor renews it at a third, so two renewals may be lost. */
const leased = 15;

/**
 * The pulse for a number of instances. The interval doubles with the number, so that a monitor gets at most 400 beats a
 * second: up to 160 instances beat every 400 ms, a thousand every 3.2 s.
 */
export function pulseFor(instances: number): Pulse {
  let interval = shortest;
  while (interval < longest && (instances * 1_000) / interval > maxBeatsPerSecond) interval *= 2;
  return { interval, lease: interval * leased };
}
