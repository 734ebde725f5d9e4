import { Budget } from "../bounds/budget.js";
import type { Router } from "../routing/router.js";
import type { Publication } from "../wire/publication.js";
import { readAckSubject } from "./acknowledgement.js";
import { Advisories } from "./advisories.js";
import { Api } from "./api.js";
import { Outlet } from "./outlet.js";
import { Pump } from "./pump.js";
import { Streams } from "./streams.js";
import { Tap } from "./tap.js";
import { toText } from "./units.js";

/**
 * JetStream, in memory.
 *
 * JETSTREAM-1 It hears its clients by subscriptions of its own, as every subscriber does: without it, nothing is different
 *   on the way of a message.
 * JETSTREAM-2 After `close()` it has no timer and no subscription.
 */
export class JetStream {
  readonly #streams: Streams;
  readonly #pump = new Pump();
  readonly #taps: (Tap | undefined)[] = [];

  /** @param maxBytes how much of memory its messages may take, and what is known of them. */
  constructor(router: Router, serverId: string, maxBytes: number) {
    const outlet = new Outlet(router);
    const advisories = new Advisories(outlet);
    const house = { router, outlet, advisories, pump: this.#pump, budget: new Budget(maxBytes) };
    this.#streams = new Streams(house);
    const api = new Api(house, this.#streams, serverId);
    this.#taps.push(Tap.open(router, "$JS.API.>", api.take), Tap.open(router, "$JS.ACK.>", this.#settle));
  }

  close(): void {
    this.#pump.stop();
    for (const tap of this.#taps) tap?.close();
    this.#streams.close();
  }

  /** A delivery is acknowledged, or what else becomes of it. */
  readonly #settle = (publication: Publication): boolean => {
    const about = readAckSubject(publication.subject);
    if (about === undefined) return false;
    const consumer = this.#streams.find(toText(about.stream))?.consumers.get(toText(about.consumer));
    if (consumer === undefined || consumer.config.ack_policy === "none") return false;
    const { bytes, start, end, headerSize, reply } = publication;
    consumer.verdict(about, reply, bytes.subarray(start + headerSize, end - 2));
    return true;
  };
}
