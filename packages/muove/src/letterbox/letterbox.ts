import type { CastDefinition, Durable, Mailbox } from "@muove/contract";
import { plainText } from "@muove/contract/internal";
import type { Worker } from "../base/fair-scheduler.js";
import { timeLimited } from "../base/time-limit.js";
import { clearTimeout, performance, setTimeout } from "../base/timers.js";
import type { Inbox } from "../inbox/inbox.js";
import { nonce } from "../inbox/nonces.js";
import { readAckSubject } from "../jetstream/ack-subject.js";
import { JetStreamApi } from "../jetstream/api.js";
import { levelName, type MailPlan } from "../letters/streams.js";
import type { LinkSubscription, NatsMessage } from "../link/index.js";
import type { Unfinished } from "../serve/backlog.js";
import { Delivery } from "../serve/delivery.js";
import type { Endpoint } from "../serve/endpoint.js";
import type { LetterEnding } from "../serve/held-letter.js";
import type { Host } from "../serve/host.js";
import { OpenCalls } from "../serve/open-calls.js";
import { Running } from "../serve/running.js";
import { readRequestHeaders } from "../wire/headers.js";
import { readMailSubject } from "../wire/mail-subjects.js";
import { inboxPrefix } from "../wire/subjects.js";
import { Acks } from "./acks.js";
import { StoreClock } from "./clock.js";
import { Copies, type CopyEnvironment } from "./copies.js";
import { Fates } from "./fates.js";
import { Holds } from "./holds.js";
import { Letter, type LetterKeeper } from "./letter.js";
import { Level } from "./level.js";
import { type Provided, provide } from "./provider.js";
import { Source, type SourceKeeper } from "./source.js";

/** What a letterbox needs from its bus, beside its host's. */
export interface LetterboxEnvironment extends CopyEnvironment {
  readonly service: string;
  readonly inbox: Inbox;
}

/** How long after a failure the streams are looked up again, in ms. */
const lookAgain = 5_000;
/** How many more times than the contract's tries a letter may be delivered, if every holder dies of it. */
const holdersLost = 3;

/**
 * The letters of one mailbox: fetches them from their stream, hands them to the handlers, and tells the stream what
 * became of each.
 *
 * LETTERBOX-1 At most `concurrency` handlers of letters hold a slot; calls and plain casts have slots of their own.
 * LETTERBOX-2 A letter is begun at once when it is handed over, so this instance holds no more letters than it has
 *   slots, one more for each message, and those that it is putting aside.
 * LETTERBOX-3 When `close()` resolves, every letter that it held is acknowledged, given back, or left to be delivered
 *   again.
 */
export class Letterbox implements LetterKeeper, SourceKeeper {
  readonly mailbox: Mailbox;
  readonly #host: Host;
  readonly #env: LetterboxEnvironment;
  readonly #plan: MailPlan;
  readonly #concurrency: number;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #running: Running;
  readonly #holds: Holds;
  readonly #acks: Acks;
  readonly #clock = new StoreClock();
  readonly #fates: Fates;
  readonly #sources = new Map<string, Source>();
  readonly #levels = new Map<string, Level>();
  readonly #subscription: LinkSubscription;
  readonly #ready: Letter[] = [];
  readonly #deciding = new Set<Promise<void>>();
  readonly #worker: Worker = { work: (until) => this.#work(until) };
  #reserved = 0;
  #provided: Provided | undefined;
  #opening: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closing = false;
  #idle: (() => void) | undefined;

  /** @param endpoints of the durable casts, by message. */
  constructor(
    host: Host,
    env: LetterboxEnvironment,
    mailbox: Mailbox,
    plan: MailPlan,
    concurrency: number,
    endpoints: ReadonlyMap<string, Endpoint>,
  ) {
    const { link, counts, instance } = host.env;
    this.mailbox = mailbox;
    this.#host = host;
    this.#env = env;
    this.#plan = plan;
    this.#concurrency = concurrency;
    this.#endpoints = endpoints;
    this.#running = new Running(host, concurrency, new OpenCalls(), () => this.#freed());
    this.#holds = new Holds(link, (letter) => this.#lost(letter));
    this.#acks = new Acks(link);
    const copies = new Copies(env, plan);
    const { names } = plan;
    this.#fates = new Fates({ link, counts, log: host.log, names, clock: this.#clock, acks: this.#acks, copies });
    const inbox = `${inboxPrefix(env.service, instance)}.${nonce()}`;
    this.#makeSources(inbox);
    this.#subscription = link.subscribe(`${inbox}.*.*`, { receive: (msg) => this.#receive(msg) });
    if (link.up) this.connected();
  }

  /** Why its letters cannot be kept or handled; `undefined` if they can be, or nobody knows yet. */
  get problem(): string | undefined {
    return this.#provided?.kind === "impossible" ? this.#provided.why : undefined;
  }

  get open(): boolean {
    return this.#provided?.kind === "open";
  }

  get label(): string {
    return `the letters of ${this.mailbox.name}`;
  }

  /** Its problems are told by `problem`. */
  get blockedBy(): readonly string[] {
    return [];
  }

  /** What it has in work, like a backlog. */
  get work(): { readonly waiting: number; readonly running: number; readonly stuck: boolean } {
    const { inTime: running, stuck } = this.#running;
    return { waiting: this.#waiting, running, stuck };
  }

  get #waiting(): number {
    return this.#ready.length + [...this.#sources.values()].reduce((sum, { waiting }) => sum + waiting, 0);
  }

  // SourceKeeper

  get free(): number {
    if (this.#running.exhausted) return 0;
    return Math.max(0, this.#concurrency - this.#running.inTime - this.#reserved - this.#ready.length);
  }

  reserve(slots: number): void {
    this.#reserved += slots;
  }

  release(slots: number): void {
    this.#reserved -= slots;
  }

  begin(letter: Letter): void {
    this.#ready.push(letter);
    this.#host.env.scheduler.ask(this.#worker);
  }

  gone(why: string): void {
    if (this.#closing) return;
    const { name: mailbox } = this.mailbox;
    this.#host.log.warn(
      `gone ${mailbox}`,
      () => ({ mailbox, reason: plainText(why) }),
      "fetching letters ended; looking again",
    );
    this.#openAgain(0);
  }

  /** The bus is connected, for the first time or again. */
  connected(): void {
    this.#acks.connected();
    this.#openAgain(0);
  }

  /** The connection ended. */
  disconnected(): void {
    clearTimeout(this.#timer);
    for (const source of this.#sources.values()) this.#giveBack(source.stop());
    for (const level of this.#levels.values()) level.stop();
  }

  #work(until: number): boolean {
    while (this.#ready.length > 0 && !this.#running.full) {
      const letter = this.#ready.shift() as Letter;
      if (this.#holds.holds(letter)) this.#start(letter);
      if (performance.now() >= until) break;
    }
    return this.#ready.length > 0 && !this.#running.full;
  }

  ended(letter: Letter, ending: LetterEnding): void {
    const { definition } = this.#endpoints.get(letter.from.message) as Endpoint;
    const durable = (definition as CastDefinition<undefined, Durable>).durable;
    if (!this.#holds.holds(letter)) {
      // HOLDS-1: all that may be said of it is that it was handled.
      if (ending.kind === "handled") this.#acks.add(letter.from.ackSubject);
      return;
    }
    if (ending.kind === "handled") this.#holds.delete(letter);
    this.#deciding.add(this.#decided(letter, this.#fates.decide(letter, ending, durable)));
  }

  /**
   * Asks for no more letters, gives back those that nobody began with, and waits for the handlers, for at most `timeout`
   * ms. Then it interrupts them. Never rejects.
   */
  async close(timeout: number): Promise<Unfinished> {
    this.#closing = true;
    clearTimeout(this.#timer);
    const waiting = [...this.#sources.values()].map((source) => source.stop());
    for (const level of this.#levels.values()) level.stop();
    for (const letter of [...waiting, ...this.#ready.splice(0)]) this.#giveBack(letter);
    const drained = this.#subscription.drain().then(() => this.#quiet());
    await timeLimited(drained, timeout);
    const running = await this.#running.interrupt();
    await timeLimited(this.#settled(), Math.max(1_000, timeout));
    return { running, lost: 0 };
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#deciding);
    await this.#acks.settled();
  }

  /** Resolves when no handler holds a slot. */
  #quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = resolve;
      this.#settleIdle();
    });
  }

  #settleIdle(): void {
    if (this.#running.inTime === 0 && this.#ready.length === 0) this.#idle?.();
  }

  #makeSources(inbox: string): void {
    const { link } = this.#host.env;
    const api = new JetStreamApi({ link, inbox: this.#env.inbox }, this.#plan.domain);
    const next = (consumer: string): string => api.subject(`CONSUMER.MSG.NEXT.${this.#plan.names.stream}.${consumer}`);
    for (const message of this.#plan.consumers.keys()) {
      this.#sources.set(message, new Source(link, next(message), `${inbox}.${message}`, this));
    }
    const parts = { clock: this.#clock, fates: this.#fates, gone: (why: string) => this.gone(why) };
    for (const level of this.#plan.levels.keys()) {
      const name = levelName(level);
      this.#levels.set(name, new Level(level, link, next(name), `${inbox}.${name}`, parts));
    }
  }

  #openAgain(after: number): void {
    clearTimeout(this.#timer);
    if (this.#closing) return;
    this.#timer = setTimeout(() => {
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined;
      });
    }, after).unref();
  }

  async #open(): Promise<void> {
    const { link } = this.#host.env;
    const transport = { link, inbox: this.#env.inbox };
    const provided = await provide(transport, this.#plan, (time) => this.#clock.heard(time));
    if (this.#closing || !link.up) return;
    this.#tell(provided);
    this.#provided = provided.kind === "later" ? this.#provided : provided;
    if (provided.kind !== "open") return this.#openAgain(lookAgain);
    for (const source of this.#sources.values()) source.start();
    for (const level of this.#levels.values()) level.start();
  }

  /** Says what is new. */
  #tell(provided: Provided): void {
    const { name: mailbox } = this.mailbox;
    const { log } = this.#host.env;
    const before = this.#provided;
    if (provided.kind === "impossible" && (before?.kind !== "impossible" || before.why !== provided.why)) {
      log.error({ mailbox, reason: plainText(provided.why) }, "letters cannot be kept");
    }
    if (provided.kind !== "open" || before?.kind === "open") return;
    log.info({ mailbox, stream: this.#plan.names.stream }, "letters are kept");
    if (provided.drift.length > 0)
      log.warn({ mailbox, drift: provided.drift }, "kept mail is not as its contract says");
    if (this.#plan.letters.num_replicas === 1) log.info({ mailbox }, "letters are kept on one server only");
  }

  #receive(msg: NatsMessage): void {
    const { subject } = msg;
    const known = readMailSubject(this.#plan.names, subject);
    if (known === undefined) return this.#receiveStatus(subject, msg);
    const ackSubject = msg.reply;
    const figures = readAckSubject(ackSubject);
    if (figures === undefined || figures.stream !== this.#plan.names.stream) return;
    const level = this.#levels.get(figures.consumer);
    const source = this.#sources.get(figures.consumer);
    if (level === undefined && source === undefined) return;
    const letter = new Letter({ ...known, msg, ackSubject, figures }, this.#holds.deliveredAt, this);
    this.#holds.add(letter);
    if (level !== undefined) this.#deciding.add(this.#decided(letter, level.take(letter)));
    else if (source !== undefined) this.#take(letter, source);
  }

  #take(letter: Letter, source: Source): void {
    const { definition } = this.#endpoints.get(letter.from.message) as Endpoint;
    const { tries } = (definition as CastDefinition<undefined, Durable>).durable;
    this.#host.env.counts.received++;
    if (this.#closing) this.#giveBack(letter);
    else if (letter.attempt > tries + holdersLost) {
      source.passedOver(letter);
      this.#deciding.add(this.#decided(letter, this.#fates.giveUp(letter)));
    } else if (!source.take(letter)) this.#giveBack(letter);
  }

  #receiveStatus(subject: string, msg: NatsMessage): void {
    const [request = "", consumer = ""] = subject.split(".").reverse();
    const { headers } = msg;
    const status = headers.slice("NATS/1.0 ".length, headers.indexOf("\r\n"));
    const pull = this.#sources.get(consumer) ?? this.#levels.get(consumer);
    pull?.told(request, plainText(status));
  }

  #start(letter: Letter): void {
    const endpoint = this.#endpoints.get(letter.from.message) as Endpoint;
    const { msg } = letter.from;
    const now = performance.now();
    endpoint.figures.received++;
    const headers = readRequestHeaders(msg);
    const delivery = new Delivery(endpoint, msg, headers, "", undefined, now, Number.POSITIVE_INFINITY, unused, letter);
    this.#running.start(delivery, now);
  }

  /** A handler is done, or lost its slot. */
  #freed(): void {
    if (this.#ready.length > 0) this.#host.env.scheduler.ask(this.#worker);
    for (const source of this.#sources.values()) source.look();
    this.#settleIdle();
  }

  #giveBack(letter: Letter | undefined): void {
    if (letter !== undefined) this.#deciding.add(this.#decided(letter, this.#fates.giveBack(letter)));
  }

  #decided(letter: Letter, deciding: Promise<void>): Promise<void> {
    const done = deciding.then(() => {
      this.#holds.delete(letter);
      this.#deciding.delete(done);
    });
    return done;
  }

  #lost(letter: Letter): void {
    this.#host.env.counts.lettersLost++;
    const { message } = letter.from;
    const fields = () => ({ message, letter: letter.id });
    this.#host.log.warn(`lost ${message}`, fields, "lost the hold on a letter: another instance gets it");
    this.#sources.get(message)?.lost(letter);
  }
}

/** Nobody cancels a letter. */
const unused = (): void => {};
