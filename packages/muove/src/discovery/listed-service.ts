import type { Mailbox, Message } from "@muove/contract";
import { wallClock } from "../base/timers.js";
import type { MissingPeer } from "../peers/peer.js";
import type { Figures } from "../serve/figures.js";
import { messageSubject, queueGroup } from "../wire/subjects.js";
import {
  type About,
  eventMetadata,
  type Metadata,
  messageMetadata,
  schemaMetadata,
  serviceMetadata,
} from "./metadata.js";

// docs/protocol.md, clauses D-2 to D-5.

/** A served mailbox, for the NATS service API. */
export interface Listed {
  readonly mailbox: Mailbox;
  /** By message; each is an endpoint. */
  readonly figures: ReadonlyMap<string, Figures>;
}

/** The serving bus. */
export interface Identity extends About {
  readonly instance: string;
  missing(): readonly MissingPeer[];
}

/** A mailbox as a service of the NATS service API. */
export class ListedService {
  readonly #bus: Identity;
  readonly #mailbox: Mailbox;
  readonly #endpoints: readonly Endpoint[];
  readonly #started = new Date(wallClock()).toISOString();

  constructor(identity: Identity, { mailbox, figures }: Listed) {
    this.#bus = identity;
    this.#mailbox = mailbox;
    this.#endpoints = [...figures].flatMap(([name, ofMessage]) => {
      const definition = mailbox.messages[name];
      const subject = messageSubject(identity.prefix, mailbox.name, name);
      return definition === undefined ? [] : [new Endpoint(name, subject, definition, ofMessage)];
    });
  }

  ping(): object {
    return { type: "io.nats.micro.v1.ping_response", ...this.#identity() };
  }

  /** @param schemas whether to include them; if not, `instead` is the reason in the metadata. */
  info(schemas: true | { readonly instead: string }): object {
    return {
      type: "io.nats.micro.v1.info_response",
      ...this.#identity({
        ...eventMetadata(this.#mailbox, schemas === true),
        ...(schemas === true ? {} : { "muove.schemas": schemas.instead }),
      }),
      description: `the mailbox ${this.#mailbox.name}, served by ${this.#bus.service}`,
      endpoints: this.#endpoints.map((endpoint) => endpoint.info(schemas === true)),
    };
  }

  stats(): object {
    return {
      type: "io.nats.micro.v1.stats_response",
      ...this.#identity(),
      started: this.#started,
      endpoints: this.#endpoints.map((endpoint) => endpoint.stats()),
    };
  }

  #identity(more: Metadata = {}) {
    const { name, version } = this.#mailbox;
    const metadata = { ...serviceMetadata(this.#bus, this.#bus.missing()), ...more };
    return { name, id: this.#bus.instance, version, metadata };
  }
}

/** A message of a mailbox as an endpoint of a service. */
class Endpoint {
  readonly #name: string;
  readonly #subject: string;
  readonly #definition: Message;
  readonly #figures: Figures;
  /** Made on first use: converting schemas takes time. */
  #schemas: Metadata | undefined;

  constructor(name: string, subject: string, definition: Message, figures: Figures) {
    this.#name = name;
    this.#subject = subject;
    this.#definition = definition;
    this.#figures = figures;
  }

  info(schemas: boolean): object {
    if (schemas) this.#schemas ??= schemaMetadata(this.#definition);
    const metadata = { ...messageMetadata(this.#definition), ...(schemas ? this.#schemas : {}) };
    return { ...this.#identity(), metadata };
  }

  stats(): object {
    const { received, handled, time, failed, failures, lastFailure, letters } = this.#figures;
    return {
      ...this.#identity(),
      num_requests: received,
      num_errors: Object.values(failures).reduce((sum, count) => sum + count),
      last_error: lastFailure,
      processing_time: nanoseconds(time),
      average_processing_time: received === 0 ? 0 : Math.trunc(nanoseconds(time) / received),
      data: { handled, failed, ...failures, ...(letters !== undefined && { letters }) },
    };
  }

  #identity() {
    return { name: this.#name, subject: this.#subject, queue_group: queueGroup };
  }
}

/** Rounded, since tools expect integers. */
const nanoseconds = (milliseconds: number): number => Math.round(milliseconds * 1e6);
