import { setTimeout as sleep } from "node:timers/promises";

/** Waits for a condition, and says which one it was when it does not come. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`);
    await sleep(5);
  }
}
