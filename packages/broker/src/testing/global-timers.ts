// In place of timers.ts, in tests that move the clock of what they test:
// vi.mock("../timers.js", () => import("../testing/global-timers.js"));

export const setTimeout: typeof globalThis.setTimeout = ((...given: Parameters<typeof globalThis.setTimeout>) =>
  globalThis.setTimeout(...given)) as never;
export const clearTimeout: typeof globalThis.clearTimeout = (timer) => globalThis.clearTimeout(timer);
export const setImmediate: typeof globalThis.setImmediate = ((...given: Parameters<typeof globalThis.setImmediate>) =>
  globalThis.setImmediate(...given)) as never;
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => void globalThis.setTimeout(resolve, ms));
export const performance = { now: (): number => globalThis.performance.now() };
