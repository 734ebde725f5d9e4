import type { NatsConnectionImpl } from "@nats-io/nats-core/internal";
import { type Deferred, deferred } from "@nats-io/transport-node";
import { RingBuffer } from "../base/ring-buffer.js";
import type { Check } from "./check.js";
import type { Outbox } from "./outbox.js";

type Protocol = NatsConnectionImpl["protocol"];

/**
 * What waits for a PONG. The client shifts an array, which takes time that grows with the square of its length; there may
 * be a PING for each of thousands of subscriptions.
 */
class Pongs extends RingBuffer<Deferred<void>> {
  forEach(each: (pong: Deferred<void>) => void): void {
    for (const pong of this) each(pong);
  }
}

/**
 * The PINGs of one connection that are sent and not answered.
 *
 * ROUND-TRIPS-1 Each ends once: at its PONG, synchronously, or with the connection. (The client would leave the promise
 *   of its `flush()` pending forever.)
 */
export class RoundTrips {
  readonly #protocol: Protocol;
  readonly #outbox: Outbox;
  readonly #alive: () => boolean;
  readonly #waiting = new Set<(answered: boolean) => void>();
  #shared: Promise<boolean> | undefined;

  /** @param alive whether the connection is. */
  constructor(protocol: Protocol, outbox: Outbox, alive: () => boolean) {
    this.#protocol = protocol;
    protocol.pongs = new Pongs() as unknown as Deferred<void>[];
    this.#outbox = outbox;
    this.#alive = alive;
  }

  /**
   * Sends a PING after everything published and subscribed before. Resolves to true at its PONG, or to false if the
   * connection ends first. Calls in the same turn of the loop share one PING.
   */
  flush(): Promise<boolean> {
    if (!this.#alive()) return Promise.resolve(false);
    this.#shared ??= this.#pingAfterThisTurn();
    return this.#shared;
  }

  /** Like {@link flush}, with synchronous callbacks. */
  check({ asked, ended }: Check): void {
    if (!this.#alive()) return ended(false);
    this.#outbox.flush();
    asked();
    this.#protocol.flush(this.#pong(ended));
  }

  /** Sends a PING after what the client was given last, with the same write. @param ended as that of a {@link Check}. */
  ping(ended: (answered: boolean) => void): void {
    this.#protocol.pongs.push(this.#pong(ended));
    this.#protocol.sendCommand("PING\r\n");
  }

  /** The connection ended. */
  end(): void {
    for (const settle of this.#waiting) settle(false);
  }

  #pong(ended: (answered: boolean) => void): Deferred<void> {
    const pong = deferred<void>();
    const settle = (answered: boolean): void => {
      if (this.#waiting.delete(settle)) ended(answered);
    };
    this.#waiting.add(settle);
    pong.catch(() => {}); // The client rejects it when the connection ends; `end()` settles it then.
    return Object.assign(pong, { resolve: () => settle(true) });
  }

  async #pingAfterThisTurn(): Promise<boolean> {
    await undefined;
    this.#shared = undefined;
    return await new Promise((resolve) => this.check({ asked: () => {}, ended: resolve }));
  }
}
