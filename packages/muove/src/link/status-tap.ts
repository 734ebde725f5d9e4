import type { NatsConnectionImpl, Status } from "@nats-io/nats-core/internal";
import { QueuedIteratorImpl } from "@nats-io/nats-core/internal";

/**
 * Reports the client's status synchronously. The client's public iterator is some microtasks late: if an error and a
 * PONG come in the same read, a fence would resolve before its violation is known.
 */
class StatusTap extends QueuedIteratorImpl<Status> {
  readonly #tell: (status: Status) => void;

  constructor(tell: (status: Status) => void) {
    super();
    this.#tell = tell;
  }

  override push(status: Status | (() => void)): void {
    if (typeof status !== "function") this.#tell(status);
  }
}

/** `tell` must not throw, because it runs in the client's read loop. The client drops the tap when it closes. */
export function tapStatus(client: NatsConnectionImpl, tell: (status: Status) => void): void {
  client.protocol.listeners.push(new StatusTap(tell));
}
