import type { Logger } from "pino";
import type { FairScheduler, Worker } from "../base/fair-scheduler.js";
import type { Link, LinkSubscription, Message, Origin } from "../link/index.js";
import type { Answers } from "../wire/answers.js";
import { nothing } from "../wire/headers.js";
import { statusHeaders } from "../wire/reply-status.js";
import { questionSubject, questionsToAll } from "../wire/subjects.js";
import { type Identity, type Listed, ListedService } from "./listed-service.js";

// docs/protocol.md, clauses D-1 to D-6.

/** How many questions may wait: each may be one for all services of this bus, and nobody needs so many answers. */
const mostQuestions = 64;

/** A question that waits, and whose services have not answered it yet. */
interface Question {
  readonly verb: string;
  readonly reply: string;
  /** The connection that brought it. */
  readonly origin: Origin;
  readonly services: IterableIterator<ListedService>;
}

/**
 * Answers the NATS service API (ADR-32 of NATS) for all mailboxes of a bus, so that its tools see them: each mailbox is a
 * service, the bus is its instance.
 *
 * Y1 A mailbox is listed while it takes messages. From the call that ends its listing on it answers nothing.
 * Y2 Three subscriptions per bus that serves anything, and two per mailbox, whatever the number of messages. None of them is wider than
 *    what is asked of these mailboxes, so that permissions can keep a service from answering in another's name.
 * Y3 Questions wait in a bounded queue, and are answered when it is their turn. What exceeds the bound is dropped: whoever asks
 *    for statistics cannot keep a bus from its messages.
 * Y4 That permissions refuse all this is a line in the log, and changes nothing else.
 */
export class Discovery implements Worker {
  readonly #link: Link;
  readonly #answers: Answers;
  readonly #log: Logger;
  readonly #scheduler: FairScheduler;
  readonly #identity: Identity;
  readonly #services = new Map<string, ListedService>();
  readonly #questions = new Set<Question>();
  #own: readonly LinkSubscription[] = [];
  #refused = false;

  constructor(link: Link, answers: Answers, log: Logger, scheduler: FairScheduler, identity: Identity) {
    this.#link = link;
    this.#answers = answers;
    this.#log = log;
    this.#scheduler = scheduler;
    this.#identity = identity;
  }

  /** Lists a mailbox; returns what ends that, and resolves when its subscriptions have ended. */
  list(listed: Listed): () => Promise<void> {
    const { name } = listed.mailbox;
    if (this.#services.size === 0)
      this.#own = questionsToAll.map((subject) => this.#subscribe(subject, () => this.#services.values()));
    this.#services.set(name, new ListedService(this.#identity, listed));
    const subjects = [questionSubject(name), questionSubject(name, this.#identity.instance)];
    const subscriptions = subjects.map((subject) => this.#subscribe(subject, () => this.#named(name)));
    return async () => {
      this.#services.delete(name);
      const last = this.#services.size === 0 ? this.#own : [];
      await Promise.all([...subscriptions, ...last].map((each) => each.drain()));
    };
  }

  /** Permissions refused one of the subscriptions: said once, since every connection brings all of them again. */
  refused(): void {
    if (this.#refused) return;
    this.#refused = true;
    const text =
      "the permissions of this service's NATS user refuse questions of the NATS service API ($SRV): its tools do not see all of it";
    this.#log.info(text);
  }

  *#named(name: string): IterableIterator<ListedService> {
    const service = this.#services.get(name);
    if (service !== undefined) yield service;
  }

  #subscribe(subject: string, services: () => IterableIterator<ListedService>) {
    return this.#link.subscribe(subject, {
      receive: ({ subject, reply, origin }: Message) => {
        if (reply === "" || !this.#answers.mayGoTo(reply)) return;
        const [, verb = ""] = subject.split(".");
        this.#ask({ verb, reply, origin, services: services() });
      },
    });
  }

  // Y3
  #ask(question: Question): void {
    if (this.#questions.size >= mostQuestions) return;
    this.#questions.add(question);
    this.#scheduler.ask(this);
  }

  work(until: number): boolean {
    for (const question of this.#questions) {
      while (this.#answerNext(question)) if (performance.now() >= until) return true;
      this.#questions.delete(question);
    }
    return false;
  }

  /** Whether there was one to answer. */
  #answerNext(question: Question): boolean {
    const { value: service, done } = question.services.next();
    if (done) return false;
    if (question.verb === "PING") this.#reply(question, service.ping());
    if (question.verb === "STATS") this.#reply(question, service.stats());
    if (question.verb === "INFO") this.#replyInfo(question, service);
    return true;
  }

  #replyInfo(question: Question, service: ListedService): void {
    const whole = encoded(service.info(true));
    const limit = this.#answers.maxPayload;
    if (whole.length <= limit) return this.#send(question, whole);
    const instead = `left out: with them this answer has ${whole.length} bytes, and the NATS server allows ${limit}`;
    this.#reply(question, service.info({ instead }));
  }

  #reply(question: Question, answer: object): void {
    this.#send(question, encoded(answer));
  }

  #send({ origin, reply }: Question, payload: Uint8Array): void {
    const limit = this.#answers.maxPayload;
    if (payload.length <= limit) return this.#answers.send(origin, reply, payload, "");
    const text = `answered with ${payload.length} bytes and the NATS server allows ${limit}`;
    this.#answers.send(origin, reply, nothing, statusHeaders("reply-too-large", text));
  }
}

const encoded = (answer: object): Uint8Array => Buffer.from(JSON.stringify(answer));
