import { randomUUID } from "node:crypto";
import { setImmediate } from "../timers.js";
import type { Outlet } from "./outlet.js";
import { now } from "./units.js";

/** Tells of what happened to streams and consumers, in the words of nats-server, if anybody listens. */
export class Advisories {
  readonly #outlet: Outlet;

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  stream(action: "create" | "modify" | "delete", stream: string): void {
    const about = { create: "CREATED", modify: "UPDATED", delete: "DELETED" }[action];
    this.#tell(`STREAM.${about}.${stream}`, "stream_action", { stream, action });
  }

  consumer(action: "create" | "delete", stream: string, consumer: string): void {
    const about = action === "create" ? "CREATED" : "DELETED";
    this.#tell(`CONSUMER.${about}.${stream}.${consumer}`, "consumer_action", { stream, consumer, action });
  }

  /** A message was delivered as often as it may be. */
  maxDeliveries(stream: string, consumer: string, sequence: number, deliveries: number): void {
    const figures = { stream, consumer, stream_seq: sequence, deliveries };
    this.#tell(`CONSUMER.MAX_DELIVERIES.${stream}.${consumer}`, "max_deliver", figures);
  }

  refused(stream: string, consumer: string, delivery: Delivery): void {
    this.#tell(`CONSUMER.MSG_NAKED.${stream}.${consumer}`, "nak", { stream, consumer, ...figuresOf(delivery) });
  }

  terminated(stream: string, consumer: string, delivery: Delivery, reason: string): void {
    const figures = { stream, consumer, ...figuresOf(delivery), ...(reason !== "" && { reason }) };
    this.#tell(`CONSUMER.MSG_TERMINATED.${stream}.${consumer}`, "terminated", figures);
  }

  /** Later, so that what brought it about is done: a stream may keep advisories, too. */
  #tell(about: string, type: string, figures: object): void {
    const subject = `$JS.EVENT.ADVISORY.${about}`;
    if (!this.#outlet.hasInterest(subject)) return;
    const event = { type: `io.nats.jetstream.advisory.v1.${type}`, id: randomUUID(), timestamp: now(), ...figures };
    setImmediate(() => this.#outlet.say(subject, JSON.stringify(event)));
  }
}

/** A delivery, as its acknowledgement names it. */
export interface Delivery {
  readonly sequence: number;
  readonly delivery: number;
  readonly delivered: number;
}

const figuresOf = ({ sequence, delivery, delivered }: Delivery): object => ({
  consumer_seq: delivery,
  stream_seq: sequence,
  deliveries: delivered,
});
