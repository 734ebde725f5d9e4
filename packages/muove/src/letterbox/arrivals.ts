import { plainText } from "@muove/contract/internal";
import type { Inbox } from "../inbox/inbox.js";
import { nonce } from "../inbox/nonces.js";
import { readAckSubject } from "../jetstream/ack-subject.js";
import { JetStreamApi } from "../jetstream/api.js";
import type { MailPlan } from "../letters/streams.js";
import type { Link, LinkSubscription, NatsMessage } from "../link/index.js";
import { headerIn } from "../wire/headers.js";
import { readMailSubject } from "../wire/mail-subjects.js";
import type { Delivered } from "./letter.js";

/** What takes the letters of one consumer. */
export interface Arrival {
  take(delivered: Delivered): void;
  /** The server says something of a request for letters. @param left how many of them will not come. */
  told(request: number, status: string, left: number): void;
}

/** What arrivals need from their bus. */
export interface ArrivalEnvironment {
  readonly link: Link;
  readonly inbox: Inbox;
}

/**
 * Where the letters of a mailbox arrive: one subscription, for all of its consumers.
 *
 * ARRIVALS-1 Only what JetStream delivers is a letter: its subject is the letter's own, which nobody else can bring
 *   about at this subscription, and its reply subject names our stream and a consumer of ours.
 */
export class Arrivals {
  readonly #plan: MailPlan;
  readonly #api: JetStreamApi;
  readonly #inbox: string;
  readonly #subscription: LinkSubscription;
  readonly #takers = new Map<string, Arrival>();

  /** @param inbox the prefix of this bus's reply subjects. */
  constructor({ link, inbox: replies }: ArrivalEnvironment, plan: MailPlan, inbox: string) {
    this.#plan = plan;
    this.#api = new JetStreamApi({ link, inbox: replies }, plan.domain);
    this.#inbox = `${inbox}.${nonce()}`;
    this.#subscription = link.subscribe(`${this.#inbox}.*.*`, { receive: (msg) => this.#receive(msg) });
  }

  /** The subject of requests for letters to a consumer, and the one for what comes of them; a token follows. */
  subjects(consumer: string): { readonly requests: string; readonly answers: string } {
    const requests = this.#api.subject(`CONSUMER.MSG.NEXT.${this.#plan.names.stream}.${consumer}`);
    return { requests, answers: `${this.#inbox}.${consumer}` };
  }

  /** From now on, the letters of a consumer go there. */
  to(consumer: string, arrival: Arrival): void {
    this.#takers.set(consumer, arrival);
  }

  /** Resolves when everything that the server sent has arrived, and no more will. */
  drain(): Promise<void> {
    return this.#subscription.drain();
  }

  #receive(msg: NatsMessage): void {
    const { subject, reply } = msg;
    const known = readMailSubject(this.#plan.names, subject);
    if (known === undefined) return this.#receiveStatus(subject, msg.headers);
    const figures = readAckSubject(reply);
    if (figures === undefined || figures.stream !== this.#plan.names.stream) return; // ARRIVALS-1
    if (figures.consumer !== known.message && known.place !== "retry") return; // Of a consumer that filters other letters.
    const { place, message } = known;
    this.#takers.get(figures.consumer)?.take({ msg, place, message, ackSubject: reply, figures });
  }

  #receiveStatus(subject: string, headers: string): void {
    const [request = "", consumer = ""] = subject.split(".").reverse();
    const status = headers.slice("NATS/1.0 ".length, headers.indexOf("\r\n"));
    const left = headerIn(headers, "Nats-Pending-Messages");
    const letters = /^\d{1,9}$/.test(left) ? Number(left) : Number.POSITIVE_INFINITY;
    this.#takers.get(consumer)?.told(Number(request), plainText(status), letters);
  }
}
