import type { Mailbox } from "@muove/contract";
import { describe, optionProblems, type Rule, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { performance, sleep } from "../base/timers.js";
import { signalRule } from "../call/call-options.js";
import { JetStreamApi } from "../jetstream/api.js";
import type { LetterReceipt, NotStored } from "../letters/receipt.js";
import type { MailPlan } from "../letters/streams.js";
import { headerBlock } from "../wire/headers.js";
import { type DeadReason, keptLines, movedLines, readDeadTrail } from "../wire/letter-headers.js";
import type { MailEnvironment } from "./mail-environment.js";
import { MailError, mailError } from "./mail-error.js";
import { contentOf, type LetterContent, messageIn, type RawLetter, readRawLetter, timeIn } from "./raw-letter.js";

/** A letter that nobody tries any more. */
export interface DeadLetterEntry {
  /** In the stream of dead letters: what `get`, `resend` and `drop` take. */
  readonly sequence: number;
  readonly message: string;
  /** See `ctx.id`. */
  readonly id: string;
  /** Why it is dead. */
  readonly reason: DeadReason;
  /** The text of its last error. */
  readonly error: string;
  readonly tries: number;
  /** How often it was sent again after it was dead. */
  readonly revivals: number;
  /** When it was sent, first tried, and died, in ms since the epoch on the server's clock. */
  readonly sentAt: number;
  readonly firstTriedAt: number;
  readonly diedAt: number;
}

/** A dead letter with what was sent. */
export interface DeadMailLetter extends DeadLetterEntry, LetterContent {}

/** Which dead letters. Default: all of them. */
export interface DeadFilter<Name extends string = string> {
  readonly message?: Name | undefined;
  readonly reason?: DeadReason | undefined;
  /** Those that died before that time, in ms since the epoch. */
  readonly before?: number | undefined;
}

export interface DeadListOptions<Name extends string = string> extends DeadFilter<Name> {
  /** The `next` of the page before. */
  readonly after?: number | undefined;
  /** How many letters a page has at most, 1 to 256. Default 50. */
  readonly limit?: number | undefined;
}

/** Some dead letters, those that died first before the others. */
export interface DeadPage {
  readonly letters: readonly DeadLetterEntry[];
  /** Pass it as `after` to get what follows; `undefined` at the end. A page may be short, or empty, and have one. */
  readonly next: number | undefined;
}

export interface ResendOptions {
  /** How many letters are sent again in a second, at most. Default 100. */
  readonly perSecond?: number | undefined;
  /** Stops when it aborts, after the letter that is being sent. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of letters that were to be sent again. */
export interface Resent {
  readonly resent: number;
  /** Why the others were not: the first letter that could not be stored ended it, and stays dead. */
  readonly stopped: NotStored | undefined;
}

/** How many dead letters one page looks at, whether they match or not. */
const mostLooked = 1_024;
/** How long a letter may take until it is stored, in ms. */
const timeout = 5_000;
const reasons: readonly unknown[] = ["failed", "buried", "rejected", "lost"] satisfies DeadReason[];

/**
 * The dead letters of a mailbox, for those who operate it.
 *
 * DEAD-MAIL-1 A letter leaves the dead ones by being sent again only when it is stored among the living.
 * DEAD-MAIL-2 What works on many letters ends: it takes those that were dead when it began, and no letter twice.
 */
export class DeadMail<Name extends string = string> {
  readonly #env: MailEnvironment;
  readonly #mailbox: Mailbox;
  readonly #plan: MailPlan;
  readonly #api: JetStreamApi;

  /** @internal */
  constructor(env: MailEnvironment, mailbox: Mailbox, plan: MailPlan) {
    this.#env = env;
    this.#mailbox = mailbox;
    this.#plan = plan;
    this.#api = new JetStreamApi(env, plan.domain);
  }

  /** One page of them. @throws InvalidOptions, MailError */
  async list(options: DeadListOptions<Name> = {}): Promise<DeadPage> {
    const {
      after = 0,
      limit = 50,
      ...filter
    } = this.#checked("list", options, { after: sequenceRule, limit: pageRule });
    const letters: DeadLetterEntry[] = [];
    let last = after;
    for (let looked = 0; looked < mostLooked; looked++) {
      const raw = await this.#next(last, filter);
      if (raw === undefined) return { letters, next: undefined };
      last = raw.sequence;
      const entry = this.#entryOf(raw);
      if (matches(entry, filter)) letters.push(entry);
      if (letters.length === limit) break;
    }
    return { letters, next: last };
  }

  /** One of them, with its input; `undefined` if it is not there. @throws InvalidOptions, MailError */
  async get(sequence: number): Promise<DeadMailLetter | undefined> {
    const raw = await this.#read(sequence);
    if (raw === undefined) return undefined;
    const entry = this.#entryOf(raw);
    return { ...entry, ...contentOf(this.#mailbox, entry.message, this.#plan.names.stream, raw), id: entry.id };
  }

  /**
   * Sends one of them again: its id stays, and its tries begin anew. It is a dead letter until it is stored. Resolves to
   * what became of it.
   *
   * @throws InvalidOptions, MailError; `not-found` if it is not there.
   */
  async resend(sequence: number): Promise<LetterReceipt> {
    const raw = await this.#read(sequence);
    if (raw === undefined) throw new MailError("not-found", `${this.#what} ${sequence}: it is not there`);
    return this.#resend(raw);
  }

  /** Sends those again that match, in the order in which they died. @throws InvalidOptions, MailError */
  async resendAll(filter: DeadFilter<Name>, options: ResendOptions = {}): Promise<Resent> {
    this.#checked("resendAll", filter, {});
    const problems = optionProblems(options, { perSecond: rules.count, signal: signalRule });
    if (problems.length > 0) throw new InvalidOptions("The options of resendAll()", problems);
    const { perSecond = 100, signal } = options;
    const began = performance.now();
    let resent = 0;
    for await (const raw of this.#matching(filter)) {
      await pause(began + (resent * 1_000) / perSecond - performance.now(), signal);
      if (signal?.aborted) break;
      const receipt = await this.#resend(raw);
      if (receipt.status !== "stored") return { resent, stopped: receipt };
      resent++;
    }
    return { resent, stopped: undefined };
  }

  /** Deletes one of them. Resolves to whether it was there. @throws InvalidOptions, MailError */
  async drop(sequence: number): Promise<boolean> {
    checkSequence(sequence);
    const raw = await this.#read(sequence);
    if (raw !== undefined) await this.#delete(sequence);
    return raw !== undefined;
  }

  /** Deletes those that match; `{}` are all. Resolves to how many. @throws InvalidOptions, MailError */
  async dropAll(filter: DeadFilter<Name>): Promise<number> {
    this.#checked("dropAll", filter, {});
    let dropped = 0;
    for await (const { sequence } of this.#matching(filter)) {
      await this.#delete(sequence);
      dropped++;
    }
    return dropped;
  }

  get #what(): string {
    return `the dead letters of ${this.#mailbox.name}`;
  }

  // DEAD-MAIL-2
  async *#matching(filter: DeadFilter): AsyncGenerator<RawLetter> {
    const { deadStream } = this.#plan.names;
    const info = await this.#api.request(`STREAM.INFO.${deadStream}`);
    if (info.kind !== "reply") throw mailError(this.#what, info);
    const { last_seq: end = 0 } = (info.body.state ?? {}) as { readonly last_seq?: number };
    let last = 0;
    for (;;) {
      const raw = await this.#next(last, filter);
      if (raw === undefined || raw.sequence > end || raw.sequence <= last) return;
      last = raw.sequence;
      if (matches(this.#entryOf(raw), filter)) yield raw;
    }
  }

  /** The next one after a sequence, of the message that is asked for. */
  #next(after: number, { message }: DeadFilter): Promise<RawLetter | undefined> {
    const { deadStream, dead } = this.#plan.names;
    const wanted = { seq: after + 1, next_by_subj: dead(message ?? "*") };
    return readRawLetter(this.#api, deadStream, wanted, this.#what);
  }

  #read(sequence: number): Promise<RawLetter | undefined> {
    checkSequence(sequence);
    return readRawLetter(this.#api, this.#plan.names.deadStream, { seq: sequence }, this.#what);
  }

  #entryOf(raw: RawLetter): DeadLetterEntry {
    const { subject, sequence, headers, time } = raw;
    const unknown = { reason: "lost", error: "", tries: 0, revivals: 0, sentAt: 0, firstTriedAt: 0 } as const;
    const trail = readDeadTrail(headers) ?? { ...unknown, diedAt: timeIn(time) };
    const message = messageIn(subject);
    const { id } = contentOf(this.#mailbox, message, this.#plan.names.deadStream, { ...raw, payload: nothingRead });
    return { sequence, message, id, ...trail };
  }

  // DEAD-MAIL-1
  async #resend(raw: RawLetter): Promise<LetterReceipt> {
    const receipt = await this.#store(raw);
    if (receipt.status === "stored") await this.#delete(raw.sequence);
    return receipt;
  }

  #store(raw: RawLetter): Promise<LetterReceipt> {
    const { letters, names, domain } = this.#plan;
    const { message, id, revivals, sentAt } = this.#entryOf(raw);
    const trail = { failures: 0, moves: 0, revivals: revivals + 1, sentAt, firstTriedAt: 0, dueAt: 0 };
    const headers = headerBlock(movedLines(message, id, names.stream, trail, raw.time) + keptLines(raw.headers));
    const address = `${this.#mailbox.name}.${message}`;
    const copy = { address, id, subject: names.again(message), stream: names.stream, payload: raw.payload, headers };
    const { storeQueue, stores } = this.#env;
    return new Promise((resolve) => {
      storeQueue.store(copy, timeout, [], () => stores.ensure(letters, domain), resolve);
    });
  }

  async #delete(sequence: number): Promise<void> {
    const body = { seq: sequence, no_erase: true };
    const result = await this.#api.request(`STREAM.MSG.DELETE.${this.#plan.names.deadStream}`, body);
    if (result.kind !== "reply") throw mailError(`${this.#what}: ${sequence} stays there`, result);
  }

  #checked<O extends object>(method: string, options: O, more: Readonly<Record<string, Rule>>): O {
    const message: Rule = (value) =>
      this.#plan.consumers.has(value as string) ? undefined : `must be a durable message, not ${describe(value)}`;
    const reason: Rule = (value) =>
      reasons.includes(value) ? undefined : `must be failed, buried, rejected or lost, not ${describe(value)}`;
    const problems = optionProblems(options, { message, reason, before: rules.duration, ...more });
    if (problems.length > 0) throw new InvalidOptions(`The options of ${method}()`, problems);
    return options;
  }
}

const nothingRead = new Uint8Array(0);

const matches = (entry: DeadLetterEntry, { reason, before }: DeadFilter): boolean =>
  (reason === undefined || entry.reason === reason) && (before === undefined || entry.diedAt < before);

const sequenceRule: Rule = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : `must be a sequence, not ${describe(value)}`;

const pageRule: Rule = (value) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 256
    ? undefined
    : `must be a whole number from 1 to 256, not ${describe(value)}`;

function checkSequence(sequence: number): void {
  const problem = sequenceRule(sequence);
  if (problem !== undefined) throw new InvalidOptions("This dead letter", [problem]);
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, signal && { signal }).catch(() => {}); // It aborted.
}
