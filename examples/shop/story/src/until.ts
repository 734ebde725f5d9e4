import { setTimeout as sleep } from "node:timers/promises";

export interface UntilOptions {
  /** The longest wait, in ms. */
  readonly within: number;
  readonly signal: AbortSignal;
}

/**
 * Tries until there is a result. Undefined when it took too long.
 *
 * @throws the signal's reason when it aborts.
 */
export async function until<T>(
  attempt: () => T | Promise<T>,
  { within, signal }: UntilOptions,
): Promise<T | undefined> {
  const end = performance.now() + within;
  do {
    signal.throwIfAborted();
    const result = await attempt();
    if (result) return result;
    await sleep(25, undefined, { signal });
  } while (performance.now() < end);
  return undefined;
}
