import type { NatsConnectionImpl, Status } from "@nats-io/nats-core/internal";
import { QueuedIteratorImpl } from "@nats-io/nats-core/internal";

/**
 * Tells of the client's status synchronously. Its public iterator comes some microtasks late: after the PONG that
 * followed an error in the same read, so that a fence would resolve before the violation that it fences is known.
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

/** `tell` must not throw: it runs inside the read loop of the client. The client drops the tap when it closes. */
export function tapStatus(client: NatsConnectionImpl, tell: (status: Status) => void): void {
  client.protocol.listeners.push(new StatusTap(tell));
}
