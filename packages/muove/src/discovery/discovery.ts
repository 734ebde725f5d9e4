import type { FairScheduler, Worker } from "../base/fair-scheduler.js";
import type { Logger } from "../base/logger.js";
import { performance } from "../base/timers.js";
import type { Link, LinkSubscription, NatsMessage, Origin, RefusalReason } from "../link/index.js";
import type { Answers } from "../wire/answers.js";
import { nothing } from "../wire/headers.js";
import { statusHeaders } from "../wire/reply-status.js";
import { serviceApiSubject, serviceApiSubjects } from "../wire/subjects.js";
import { type Identity, type Listed, ListedService } from "./listed-service.js";

// docs/protocol.md, clauses D-1 to D-6.

/** How many requests may wait. Each may ask for all services of this bus, and no tool sends so many. */
const maxRequests = 64;

/** A waiting request, and the services that have yet to answer it. */
interface DiscoveryRequest {
  readonly verb: string;
  readonly reply: string;
  /** The connection that brought it. */
  readonly origin: Origin;
  readonly services: IterableIterator<ListedService>;
}

/**
 * Answers the NATS service API (ADR-32 of NATS) for all mailboxes of a bus, so that its tools see them: each mailbox is
 * a service, and the bus is its instance.
 *
 * DISCOVERY-1 A mailbox is listed while it accepts messages. Once it is unlisted, it answers nothing.
 * DISCOVERY-2 There are three subscriptions per bus that serves anything, and two per mailbox, however many messages.
 *   None is wider than these mailboxes, so that permissions can keep a service from answering in another's name.
 * DISCOVERY-3 Requests wait in a bounded queue, and the scheduler decides when to answer them. Requests beyond the
 *   bound are dropped, so that monitoring cannot keep a bus from its messages.
 * DISCOVERY-4 If the server refuses the subscriptions, that is logged and has no other effect.
 */
export class Discovery implements Worker {
  readonly #link: Link;
  readonly #answers: Answers;
  readonly #log: Logger;
  readonly #scheduler: FairScheduler;
  readonly #identity: Identity;
  readonly #services = new Map<string, ListedService>();
  readonly #requests = new Set<DiscoveryRequest>();
  #own: readonly LinkSubscription[] = [];
  readonly #refused = new Set<string>();

  constructor(link: Link, answers: Answers, log: Logger, scheduler: FairScheduler, identity: Identity) {
    this.#link = link;
    this.#answers = answers;
    this.#log = log;
    this.#scheduler = scheduler;
    this.#identity = identity;
  }

  /** Lists a mailbox. Returns a function that unlists it, and resolves when its subscriptions are drained. */
  list(listed: Listed): () => Promise<void> {
    const { name } = listed.mailbox;
    if (this.#services.size === 0)
      this.#own = serviceApiSubjects.map((subject) => this.#subscribe(subject, () => this.#services.values()));
    this.#services.set(name, new ListedService(this.#identity, listed));
    const subjects = [serviceApiSubject(name), serviceApiSubject(name, this.#identity.instance)];
    const subscriptions = subjects.map((subject) => this.#subscribe(subject, () => this.#named(name)));
    return async () => {
      this.#services.delete(name);
      const ended = [...subscriptions, ...(this.#services.size === 0 ? this.#own : [])];
      for (const { subject } of ended) this.#refused.delete(subject);
      await Promise.all(ended.map((each) => each.drain()));
    };
  }

  /** The server refused one of the subscriptions. Logged once for all of them. */
  refused(subject: string, reason: RefusalReason): void {
    if (this.#refused.size === 0) {
      const text = "NATS refuses $SRV subjects: tools of the NATS service API do not see all of this service";
      this.#log.info({ reason }, text);
    }
    this.#refused.add(subject);
  }

  /** The server took a subscription that it had refused. Logged when it has taken all. */
  allowed(subject: string): void {
    if (!this.#refused.delete(subject) || this.#refused.size > 0) return;
    this.#log.info("NATS takes the $SRV subjects again: tools of the NATS service API see all of this service");
  }

  *#named(name: string): IterableIterator<ListedService> {
    const service = this.#services.get(name);
    if (service !== undefined) yield service;
  }

  #subscribe(subject: string, services: () => IterableIterator<ListedService>) {
    return this.#link.subscribe(subject, {
      receive: ({ subject, reply, origin }: NatsMessage) => {
        if (reply === "" || !this.#answers.mayGoTo(reply)) return;
        const [, verb = ""] = subject.split(".");
        this.#ask({ verb, reply, origin, services: services() });
      },
    });
  }

  // DISCOVERY-3
  #ask(request: DiscoveryRequest): void {
    if (this.#requests.size >= maxRequests) return;
    this.#requests.add(request);
    this.#scheduler.ask(this);
  }

  work(until: number): boolean {
    for (const request of this.#requests) {
      while (this.#answerNext(request)) if (performance.now() >= until) return true;
      this.#requests.delete(request);
    }
    return false;
  }

  /** False: all services have answered. */
  #answerNext(request: DiscoveryRequest): boolean {
    const { value: service, done } = request.services.next();
    if (done) return false;
    if (request.verb === "PING") this.#reply(request, service.ping());
    if (request.verb === "STATS") this.#reply(request, service.stats());
    if (request.verb === "INFO") this.#replyInfo(request, service);
    return true;
  }

  #replyInfo(request: DiscoveryRequest, service: ListedService): void {
    const whole = encoded(service.info(true));
    const limit = this.#answers.maxPayload;
    if (whole.length <= limit) return this.#send(request, whole);
    const instead = `left out: with them this answer has ${whole.length} bytes, and the NATS server allows ${limit}`;
    this.#reply(request, service.info({ instead }));
  }

  #reply(request: DiscoveryRequest, answer: object): void {
    this.#send(request, encoded(answer));
  }

  #send({ origin, reply }: DiscoveryRequest, payload: Uint8Array): void {
    const limit = this.#answers.maxPayload;
    if (payload.length <= limit) return this.#answers.send(origin, reply, payload, "");
    const text = `answered with ${payload.length} bytes and the NATS server allows ${limit}`;
    this.#answers.send(origin, reply, nothing, statusHeaders("reply-too-large", text));
  }
}

const encoded = (answer: object): Uint8Array => Buffer.from(JSON.stringify(answer));
