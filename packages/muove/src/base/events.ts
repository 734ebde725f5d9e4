import { inCleanContext } from "./clean-context.js";
import { isPromise } from "./is-promise.js";
import type { Logger } from "./logger.js";

/**
 * Wraps a listener so that it runs in a context of its own, and an error or a rejection is logged and affects nobody
 * else.
 */
export function safeListener<E>(listener: (event: E) => void, name: string, log: Logger): (event: E) => void {
  const failed = (error: unknown): void => log.error({ err: error, event: name }, "a listener threw");
  return (event) => {
    try {
      const result: unknown = inCleanContext(listener, event);
      // The type says that it returns nothing, but TypeScript accepts an async function too.
      if (isPromise(result)) result.then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  };
}

/** Typed events. An error in a listener is logged and affects nobody else. */
export class Events<All extends object> {
  /** Sets, because every mailbox listens: removing one listener of an array takes as long as it has listeners. */
  readonly #listeners = new Map<keyof All, Set<(event: never) => void>>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  on<Name extends keyof All & string>(name: Name, listener: (event: All[Name]) => void): () => void {
    const safe = safeListener(listener, name, this.#log);
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(safe));
    return () => void listeners.delete(safe);
  }

  /** Whether the event has any listeners. */
  heard(name: keyof All & string): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  /** Listeners that are added or removed meanwhile take part from the next event on. */
  emit<Name extends keyof All & string>(name: Name, event: All[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) (listener as (event: All[Name]) => void)(event);
  }
}
