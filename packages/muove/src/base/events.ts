import { EventEmitter } from "node:events";
import type { Logger } from "pino";
import { isPromise } from "./is-promise.js";

/** Wraps a listener so that an error or a rejection is logged and affects nobody else. */
export function safeListener<E>(listener: (event: E) => void, name: string, log: Logger): (event: E) => void {
  const failed = (error: unknown): void => log.error({ err: error, event: name }, "a listener threw");
  return (event) => {
    try {
      const result: unknown = listener(event);
      // The type says that it returns nothing, but TypeScript accepts an async function too.
      if (isPromise(result)) result.then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  };
}

/** Typed events. An error in a listener is logged and affects nobody else. */
export class Events<All extends object> {
  readonly #emitter = new EventEmitter();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
    this.#emitter.setMaxListeners(0);
  }

  on<Name extends keyof All & string>(name: Name, listener: (event: All[Name]) => void): () => void {
    const safe = safeListener(listener, name, this.#log);
    this.#emitter.on(name, safe);
    return () => void this.#emitter.off(name, safe);
  }

  /** Whether the event has any listeners. */
  heard(name: keyof All & string): boolean {
    return this.#emitter.listenerCount(name) > 0;
  }

  emit<Name extends keyof All & string>(name: Name, event: All[Name]): void {
    this.#emitter.emit(name, event);
  }
}
