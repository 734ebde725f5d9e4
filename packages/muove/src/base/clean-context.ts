import { AsyncResource } from "node:async_hooks";

/** Made when this module is loaded, so it keeps the context of the process, in which nobody's request is under way. */
const root = new AsyncResource("Muove");

/** Nobody listens for the end of these resources, so the garbage collector need not report it. */
const options = { requireManualDestroy: true };

/**
 * Calls `run(...args)` in an asynchronous context of its own, as empty as when the process started. It does not see the
 * `AsyncLocalStorage` of whoever made the bus or triggered this, and what it enters (`enterWith`) stays with it.
 *
 * A snapshot would not do: up to Node 22, what is entered in it stays in it. This takes some 60 ns, whether or not
 * anybody uses `AsyncLocalStorage`.
 */
export function inCleanContext<Args extends readonly unknown[], T>(run: (...args: Args) => T, ...args: Args): T {
  return root.runInAsyncScope(inOwnContext, undefined, run as never, ...args) as T;
}

/** The same, where the context is clean already: it takes half the time. */
export function inOwnContext<Args extends readonly unknown[], T>(run: (...args: Args) => T, ...args: Args): T {
  return new AsyncResource("Muove", options).runInAsyncScope(run as never, undefined, ...args) as T;
}
