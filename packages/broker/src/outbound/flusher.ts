import { setImmediate } from "../timers.js";
import type { Outbound } from "./outbound.js";

/**
 * Flushes connections once per turn of the event loop, however many messages came in it.
 *
 * FLUSHER-1 Every scheduled flush runs before the event loop waits again.
 */
export class Flusher {
  #scheduled = new Set<Outbound>();
  #immediate: NodeJS.Immediate | undefined;

  readonly schedule = (outbound: Outbound): void => {
    this.#scheduled.add(outbound);
    this.#immediate ??= setImmediate(this.#run);
  };

  readonly #run = (): void => {
    const scheduled = this.#scheduled;
    this.#scheduled = new Set();
    this.#immediate = undefined;
    for (const outbound of scheduled) outbound.flush();
  };
}
