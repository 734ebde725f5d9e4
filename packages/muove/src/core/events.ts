import { EventEmitter } from "node:events";
import type { Issue } from "@muove/contract";
import type { Logger } from "pino";
import type { DeadLetter } from "../outcome/dead-letter.js";
import type { Degraded } from "../outcome/outcome.js";

/** The events of a bus, by name. Those that come per message are made only while somebody listens. */
export interface BusEvents {
  /** Connected to NATS, with every mailbox asked for. */
  connected: { readonly server: string };
  /** The connection to NATS ended; it is dialled again, forever. */
  disconnected: { readonly reason: "lost" | "stale" | "closed"; readonly error?: Error };
  /** An attempt to connect failed; `kind` says when it is the credentials. */
  connectFailed: {
    readonly error: Error;
    readonly attempt: number;
    readonly kind: "refused" | "credentials" | "timeout" | "other";
  };
  /** The NATS server announced that it will go; the bus moves to another one first, where there is one. */
  lameDuck: { readonly server: string };
  /** The permissions of this service's NATS user refused a subject. */
  forbidden: { readonly operation: "publish" | "subscribe"; readonly subject: string };
  /** A cast, or an event of a mailbox, that reached nobody, as far as can be known. */
  deadLetter: DeadLetter;
  /** A fallback answered in place of a mailbox. */
  degraded: { readonly address: string; readonly outcome: Degraded<unknown> };
  /** An address only times out, so calls to it end at once as `circuit-open`, but for one now and then that tries. */
  circuitOpened: { readonly address: string };
  /** An address that was spared answers again. */
  circuitClosed: { readonly address: string };
  /** A message for a mailbox served here, or an event listened to, was refused, since it breaks the contract. */
  rejected: { readonly address: string; readonly issues: readonly Issue[]; readonly from: string | undefined };
  /** A handler of a mailbox served here, or of an event, threw. */
  crashed: { readonly address: string; readonly id: string; readonly error: unknown };
  /** The bus has closed; the last event. */
  closed: Record<never, never>;
}

/** A listener that throws, or rejects, is logged and disturbs nobody. */
export function guarded<E>(listener: (event: E) => void, name: string, log: Logger): (event: E) => void {
  const failed = (error: unknown): void => log.error({ err: error, event: name }, "a listener threw");
  return (event) => {
    try {
      const result: unknown = listener(event);
      // Its type says that it returns nothing, but an async function passes for that.
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}

/** Typed events. A listener that throws is logged and disturbs nobody. */
export class Events<All extends object = BusEvents> {
  readonly #emitter = new EventEmitter();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
    this.#emitter.setMaxListeners(0);
  }

  on<Name extends keyof All & string>(name: Name, listener: (event: All[Name]) => void): () => void {
    const careful = guarded(listener, name, this.#log);
    this.#emitter.on(name, careful);
    return () => void this.#emitter.off(name, careful);
  }

  /** Whether anybody would hear it. */
  heard(name: keyof All & string): boolean {
    return this.#emitter.listenerCount(name) > 0;
  }

  emit<Name extends keyof All & string>(name: Name, event: All[Name]): void {
    this.#emitter.emit(name, event);
  }
}
