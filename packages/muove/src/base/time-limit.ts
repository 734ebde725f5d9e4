import { clearTimeout, setTimeout } from "./timers.js";

/** The result of {@link timeLimited} for work that takes too long. */
export const late: unique symbol = Symbol("late");

/**
 * Resolves to the result of the work, or to {@link late} if it takes longer than `ms`. Rejects if the work does. Leaves
 * no timer behind.
 */
export async function timeLimited<T>(work: Promise<T>, ms: number): Promise<T | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof late>((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
