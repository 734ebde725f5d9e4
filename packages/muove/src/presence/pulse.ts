/** How often instances are to be heard, and for how long. */
export interface Pulse {
  /** From one beat of an instance to its next one, in ms. */
  readonly interval: number;
  /** How long it goes on when nobody asks again, in ms. */
  readonly lease: number;
}

/** Short enough to notice a killed process within a second. */
const shortest = 400;
const longest = 60_000;
/** What one monitor is to hear at the most, whatever the number of instances. */
const mostBeatsPerSecond = 400;
/** So many intervals: a monitor asks again at a third of it, so two of its messages may be lost. */
const leased = 15;

/**
 * How often so many instances are to be heard. The interval doubles as their number does, so that a monitor hears no
 * more than 400 beats a second: up to 160 instances beat every 400 ms, a thousand every 3.2 s.
 */
export function pulseFor(instances: number): Pulse {
  let interval = shortest;
  while (interval < longest && (instances * 1_000) / interval > mostBeatsPerSecond) interval *= 2;
  return { interval, lease: interval * leased };
}
