/** What {@link timeLimited} gives for what takes too long. */
export const late: unique symbol = Symbol("late");

/** What the work gives within `ms`, and {@link late} when it takes longer; rejects as it does. Leaves no timer. */
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
