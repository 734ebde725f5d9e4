// In place of a package's timers.ts, in tests that move the clock of what they test: `vi.mock("…/timers.js", () =>
// import("…/global-timers.js"))`.

export const setTimeout: typeof globalThis.setTimeout = ((...given: Parameters<typeof globalThis.setTimeout>) =>
  globalThis.setTimeout(...given)) as never;
export const clearTimeout: typeof globalThis.clearTimeout = (timer) => globalThis.clearTimeout(timer);
export const setImmediate: typeof globalThis.setImmediate = ((...given: Parameters<typeof globalThis.setImmediate>) =>
  globalThis.setImmediate(...given)) as never;
export const queueMicrotask: typeof globalThis.queueMicrotask = (task) => globalThis.queueMicrotask(task);
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => void globalThis.setTimeout(resolve, ms));
export const turn = (): Promise<void> => new Promise((resolve) => void globalThis.setImmediate(resolve));
export const performance = { now: (): number => globalThis.performance.now() };
export const wallClock = (): number => Date.now();
