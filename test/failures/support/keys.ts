import type { Bus, Outcome } from "muove";
import { worker } from "../../services/contract.js";

/** Different keys. */
export const keys = (count: number): string[] => Array.from({ length: count }, (_, n) => `key ${n}`);

/** Asks for each key which instance is responsible, 64 at a time. */
export async function askAll(bus: Bus, all: readonly string[]): Promise<Outcome<string>[]> {
  const outcomes: Outcome<string>[] = [];
  for (let i = 0; i < all.length; i += 64) {
    const some = all.slice(i, i + 64).map((key) => bus.to(worker, { key }).who(undefined, { timeout: 5_000 }));
    outcomes.push(...(await Promise.all(some)));
  }
  return outcomes;
}

/** The instance that answered for each key. Throws if one was not answered. */
export async function ownersOf(bus: Bus, all: readonly string[]): Promise<string[]> {
  return (await askAll(bus, all)).map((outcome) => {
    if (outcome.status !== "ok") throw new Error(`a key was not answered: ${outcome.message}`);
    return outcome.value;
  });
}
