import { Budget } from "../bounds/budget.js";
import type { JetStreamSettings } from "../options/settings.js";
import type { Router } from "../routing/router.js";
import { setImmediate } from "../timers.js";
import type { Publication } from "../wire/publication.js";
import { readAckSubject } from "./acknowledgement.js";
import { Advisories } from "./advisories.js";
import { Api } from "./api.js";
import { Chronicle } from "./chronicle.js";
import { Journal } from "./journal.js";
import { Outlet } from "./outlet.js";
import { Pump } from "./pump.js";
import { restore } from "./restore.js";
import { Streams } from "./streams.js";
import { Tap } from "./tap.js";
import { toText } from "./units.js";

/**
 * JetStream, in memory; with a folder, what happens is also written down there, and happens again at the next start.
 *
 * JETSTREAM-1 It hears its clients by subscriptions of its own, as every subscriber does: without it, nothing is different
 *   on the way of a message.
 * JETSTREAM-2 After `close()` it has no timer and no subscription.
 */
export class JetStream {
  readonly #streams: Streams;
  readonly #pump = new Pump();
  readonly #chronicle = new Chronicle(() => this.#rewriteSoon());
  #rewriting: NodeJS.Immediate | undefined;
  readonly #taps: (Tap | undefined)[] = [];

  /** @throws Error of the file system, if the folder cannot be used. */
  constructor(router: Router, serverId: string, { maxBytes, folder }: JetStreamSettings) {
    const outlet = new Outlet(router);
    const advisories = new Advisories(outlet);
    const house = {
      router,
      outlet,
      advisories,
      pump: this.#pump,
      chronicle: this.#chronicle,
      budget: new Budget(maxBytes),
    };
    this.#streams = new Streams(house);
    const api = new Api(house, this.#streams, serverId);
    if (folder !== undefined) {
      this.#chronicle.journal = Journal.open(folder, (entry) => restore(this.#streams, entry));
    }
    this.#streams.listen();
    this.#taps.push(Tap.open(router, "$JS.API.>", api.take), Tap.open(router, "$JS.ACK.>", this.#settle));
  }

  close(): void {
    this.#pump.stop();
    for (const tap of this.#taps) tap?.close();
    this.#streams.close();
    this.#chronicle.journal?.close();
  }

  /** Once the turn is over, so that what is written is whole. */
  #rewriteSoon(): void {
    this.#rewriting ??= setImmediate(() => {
      this.#rewriting = undefined;
      const { journal } = this.#chronicle;
      if (journal?.overgrown) journal.rewrite(this.#streams.chronicle());
    });
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
