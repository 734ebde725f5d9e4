import type { CastDefinition, Durable } from "@muove/contract";
import { plainText } from "@muove/contract/internal";
import { timeLimited } from "../base/time-limit.js";
import type { LetterFigures } from "../letters/letter-figures.js";
import { levelName, type MailPlan } from "../letters/streams.js";
import type { Unfinished } from "../serve/backlog.js";
import type { Endpoint } from "../serve/endpoint.js";
import type { LetterEnding } from "../serve/held-letter.js";
import type { Host } from "../serve/host.js";
import { inboxPrefix } from "../wire/subjects.js";
import { Acks } from "./acks.js";
import { type ArrivalEnvironment, Arrivals } from "./arrivals.js";
import { StoreClock } from "./clock.js";
import { Copies, type CopyEnvironment } from "./copies.js";
import { Fates } from "./fates.js";
import { Gauge } from "./gauge.js";
import { Holds } from "./holds.js";
import { type Delivered, Letter, type LetterKeeper } from "./letter.js";
import { Level, type LevelKeeper, levelPatience } from "./level.js";
import { Opening } from "./opening.js";
import { type Patience, Pull, type PullOwner } from "./pull.js";
import { type Sharers, Slots } from "./slots.js";
import { Source, type SourceKeeper, sourcePatience } from "./source.js";

/** What a letterbox needs from its bus, beside what its host has. */
export interface LetterboxEnvironment extends CopyEnvironment, ArrivalEnvironment {
  readonly service: string;
}

/** How many more times than the contract's tries a letter may be delivered, if every holder dies of it. */
const holdersLost = 3;
/** How long what was decided may still take when the time of a `close()` is over, in ms. */
const lastWords = 1_000;

/**
 * The letters of one mailbox: fetches them from their stream, hands them to the handlers, and tells the stream what
 * became of each.
 *
 * LETTERBOX-1 This instance holds no more letters than it has slots, one more for each message, those that will begin
 *   within 20 ms (SLOTS-1), and those that it is putting somewhere.
 * LETTERBOX-2 When `close()` resolves, every letter that it held is acknowledged, given back, or left to be delivered
 *   again.
 */
export class Letterbox implements LetterKeeper, SourceKeeper {
  readonly #host: Host;
  readonly #plan: MailPlan;
  readonly #endpoints: ReadonlyMap<string, Endpoint>;
  readonly #slots: Slots;
  readonly #holds: Holds;
  readonly #acks: Acks;
  readonly #clock = new StoreClock();
  readonly #fates: Fates;
  readonly #arrivals: Arrivals;
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #levels: readonly Level[];
  readonly #gauge: Gauge;
  readonly #opening: Opening;
  /** The messages that an operator has paused. */
  readonly #paused = new Set<string>();
  readonly #deciding = new Set<Promise<void>>();
  #closed: Promise<Unfinished> | undefined;

  /** @param endpoints by message. */
  constructor(
    host: Host,
    env: LetterboxEnvironment,
    plan: MailPlan,
    concurrency: number,
    endpoints: ReadonlyMap<string, Endpoint>,
  ) {
    const { link, counts, events, instance } = host.env;
    const { names, mailbox } = plan;
    const { log } = host;
    this.#host = host;
    this.#plan = plan;
    this.#endpoints = endpoints;
    this.#holds = new Holds(link, (letter) => this.#lost(letter));
    this.#slots = new Slots(
      host,
      concurrency,
      endpoints,
      this.#holds,
      () => this.#freed(),
      () => this.#sharers(),
      (letter) => this.giveBack(letter),
    );
    this.#acks = new Acks(link);
    const [clock, acks, copies] = [this.#clock, this.#acks, new Copies(env, plan)];
    this.#fates = new Fates({ link, counts, events, log, mailbox, names, clock, acks, copies });
    this.#arrivals = new Arrivals(env, plan, inboxPrefix(env.service, instance));
    this.#sources = new Map([...plan.consumers.keys()].map((message) => [message, this.#sourceOf(message)]));
    this.#levels = plan.levels.map((_, level) => this.#levelOf(level));
    this.#gauge = new Gauge(env, plan, (figures) => this.#counted(figures));
    this.#opening = new Opening(env, plan, host.env.log, clock, (paused) => this.#open(paused));
    if (link.up) this.connected();
  }

  get mailbox(): string {
    return this.#plan.mailbox;
  }

  /** For people, such as `the letters of orders`. */
  get label(): string {
    return `the letters of ${this.#plan.mailbox}`;
  }

  /** Why its letters cannot be kept or handled; `undefined` if they can be, or nobody knows yet. */
  get problem(): string | undefined {
    return this.#opening.problem;
  }

  /** What puts its letters at risk, or is not as the contract says. */
  get warnings(): readonly string[] {
    return this.#opening.warnings;
  }

  /** How many letters there are, as of the last few seconds; `undefined` while nobody knows. */
  get figures(): LetterFigures | undefined {
    return this.#gauge.figures;
  }

  /** What its letters wait for is not a subscription, so `problem` says what is wrong. */
  get blockedBy(): readonly [] {
    return [];
  }

  get work(): { readonly waiting: number; readonly running: number; readonly stuck: boolean } {
    const { ready, running, stuck } = this.#slots;
    const inHand = [...this.#sources.values()].reduce((sum, { waiting }) => sum + waiting, 0);
    return { waiting: ready + inHand, running, stuck };
  }

  /** The bus is connected, for the first time or again. */
  connected(): void {
    this.disconnected(); // After a move, nobody knows whether the server still knows what was asked for.
    this.#acks.connected();
    this.#opening.now();
  }

  /** The connection ended. */
  disconnected(): void {
    this.#opening.pause();
    for (const source of this.#sources.values()) source.pause();
    for (const level of this.#levels) level.stop();
  }

  accept(delivered: Delivered): Letter | undefined {
    const letter = this.#hold(delivered);
    this.#host.env.counts.received++;
    if (this.#closed !== undefined || this.#paused.has(letter.from.message)) this.giveBack(letter);
    else if (letter.attempt > this.#durable(letter).tries + holdersLost) {
      this.#decide(letter, this.#fates.giveUp(letter));
    } else return letter;
    return undefined;
  }

  giveBack(letter: Letter): void {
    this.#decide(letter, this.#fates.giveBack(letter));
  }

  gone(why: string): void {
    if (this.#closed !== undefined) return;
    const { mailbox } = this.#plan;
    const fields = () => ({ mailbox, reason: plainText(why) });
    this.#host.log.warn(`gone ${mailbox}`, fields, "fetching letters ended; looking for them again");
    this.#opening.soon();
  }

  ended(letter: Letter, ending: LetterEnding): void {
    const held = this.#holds.holds(letter);
    if (ending.kind === "handled") {
      this.#holds.delete(letter);
      this.#fates.handled(letter); // HOLDS-1: that may be said in any case.
    } else if (held) this.#decide(letter, this.#fates.decide(letter, ending, this.#durable(letter)));
  }

  /**
   * Asks for no more letters, gives back those that nobody began with, and waits for the handlers, for at most `timeout`
   * ms. Then it interrupts them. Never rejects.
   */
  close(timeout: number): Promise<Unfinished> {
    this.#closed ??= this.#shut(timeout);
    return this.#closed;
  }

  async #shut(timeout: number): Promise<Unfinished> {
    this.#opening.end();
    this.#gauge.stop();
    for (const level of this.#levels) level.stop();
    const waiting = [...this.#sources.values()].map((source) => source.stop());
    for (const letter of [...waiting, ...this.#slots.takeReady()]) if (letter !== undefined) this.giveBack(letter);
    const drained = this.#arrivals.drain().then(() => this.#slots.idle());
    await timeLimited(drained, timeout);
    const running = await this.#slots.interrupt();
    await timeLimited(this.#settled(), lastWords);
    this.#holds.stop();
    return { running, lost: 0 };
  }

  async #settled(): Promise<void> {
    await Promise.all(this.#deciding);
    await this.#acks.settled();
  }

  #sourceOf(message: string): Source {
    const source = new Source(this.#slots, this, this.#pullOf(message, sourcePatience));
    this.#arrivals.to(message, source);
    return source;
  }

  #levelOf(level: number): Level {
    const keeper: LevelKeeper = {
      accept: (delivered) => this.#hold(delivered),
      deciding: (letter, done) => this.#decide(letter, done),
      gone: (why) => this.gone(why),
    };
    const name = levelName(level);
    const made = new Level(level, this.#clock, this.#fates, keeper, this.#pullOf(name, levelPatience));
    this.#arrivals.to(name, made);
    return made;
  }

  #pullOf(consumer: string, patience: Patience): (owner: PullOwner) => Pull {
    const { requests, answers } = this.#arrivals.subjects(consumer);
    return (owner) => new Pull(this.#host.env.link, requests, answers, patience, owner);
  }

  #hold(delivered: Delivered): Letter {
    this.#clock.stored(delivered.figures.storedAt);
    const letter = new Letter(delivered, this.#holds.deliveredAt, this);
    this.#holds.add(letter);
    return letter;
  }

  #durable({ from }: Letter): Durable {
    const { definition } = this.#endpoints.get(from.message) as Endpoint;
    return (definition as CastDefinition<undefined, Durable>).durable;
  }

  /** All that it needs is there. */
  #open(paused: readonly string[]): void {
    this.#pausedNow(paused);
    for (const [message, source] of this.#sources) if (!this.#paused.has(message)) source.start();
    for (const level of this.#levels) level.start();
    this.#gauge.start();
  }

  #counted({ messages }: LetterFigures): void {
    const before = new Set(this.#paused);
    this.#pausedNow(Object.keys(messages).filter((message) => messages[message]?.paused));
    for (const [message, source] of this.#sources) {
      this.#endpointFigures(message).letters = messages[message];
      if (before.has(message) && !this.#paused.has(message)) source.start();
    }
  }

  /** Takes note of what is paused, and gives back what waits here of that. */
  #pausedNow(messages: readonly string[]): void {
    for (const [message, source] of this.#sources) {
      const [was, is] = [this.#paused.has(message), messages.includes(message)];
      if (was === is) continue;
      const address = `${this.#plan.mailbox}.${message}`;
      if (!is) {
        this.#paused.delete(message);
        this.#host.env.log.info({ address }, "letters are handled again");
        continue;
      }
      this.#paused.add(message);
      this.#host.env.log.warn({ address }, "letters are paused by an operator");
      const waiting = source.stop();
      if (waiting !== undefined) this.giveBack(waiting);
    }
  }

  #endpointFigures(message: string) {
    return (this.#endpoints.get(message) as Endpoint).figures;
  }

  #sharers(): Sharers {
    const sources = [...this.#sources.values()];
    const busy = sources.filter((source) => source.busy).length;
    return { busy, others: sources.length - busy };
  }

  /** There may be a free slot. */
  #freed(): void {
    for (const source of this.#sources.values()) source.look();
  }

  /** Holds the letter until it is decided what becomes of it. */
  #decide(letter: Letter, deciding: Promise<void>): void {
    const done = deciding.then(() => {
      this.#holds.delete(letter);
      this.#deciding.delete(done);
    });
    this.#deciding.add(done);
  }

  #lost(letter: Letter): void {
    const { message } = letter.from;
    const address = `${this.#plan.mailbox}.${message}`;
    this.#host.env.counts.lettersLost++;
    const text = "lost the hold on a letter: another instance gets it";
    this.#host.log.warn(`lost ${address}`, () => ({ address, letter: letter.id }), text);
    this.#sources.get(message)?.lost(letter);
  }
}
