import type { Mailbox } from "@muove/contract";
import { describe } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { JetStreamApi } from "../jetstream/api.js";
import { type LetterFigures, pausedKey, readLetterFigures } from "../letters/letter-figures.js";
import type { MailPlan } from "../letters/streams.js";
import { readTrail } from "../wire/letter-headers.js";
import { DeadMail } from "./dead-mail.js";
import type { MailEnvironment } from "./mail-environment.js";
import { mailError } from "./mail-error.js";
import { contentOf, type LetterContent, type RawLetter, readRawLetter, timeIn } from "./raw-letter.js";

/** A letter that is not dead. */
export interface KeptLetter extends LetterContent {
  /** In the stream of letters. */
  readonly sequence: number;
  readonly message: string;
  /** `put-aside`: it failed, and is tried again later. Otherwise it waits, or is in work. */
  readonly state: "waiting" | "put-aside";
  /** When it was sent, in ms since the epoch on the server's clock. */
  readonly sentAt: number;
  /** How often it was tried, and failed, before it was put where it is now. */
  readonly failures: number;
  /** When it is tried again, if it is put aside. */
  readonly dueAt: number | undefined;
}

/**
 * The kept mail of a mailbox, for those who operate it; whether this bus serves the mailbox does not matter. Its methods
 * reject with a `MailError`.
 */
export class KeptMail<Name extends string = string> {
  /** The letters that nobody tries any more. */
  readonly dead: DeadMail<Name>;
  readonly #mailbox: Mailbox;
  readonly #plan: MailPlan;
  readonly #api: JetStreamApi;

  /** @internal */
  constructor(env: MailEnvironment, mailbox: Mailbox, plan: MailPlan) {
    this.dead = new DeadMail(env, mailbox, plan);
    this.#mailbox = mailbox;
    this.#plan = plan;
    this.#api = new JetStreamApi(env, plan.domain);
  }

  /** Counts its letters, now. @throws MailError */
  async info(): Promise<LetterFigures> {
    const figures = await readLetterFigures(this.#api, this.#plan);
    if ("kind" in figures) throw mailError(`the letters of ${this.#mailbox.name}`, figures);
    return figures;
  }

  /**
   * Stops all instances from beginning with letters of a message; what is sent waits. Each instance reads that within 5 s;
   * what handlers have begun, they finish. It stays so, over every restart, until `resume()`.
   *
   * @throws InvalidOptions, MailError
   */
  async pause(message: Name): Promise<void> {
    await this.#mark(message, true);
  }

  /** Ends the pause; instances read that within 5 s. @throws InvalidOptions, MailError */
  async resume(message: Name): Promise<void> {
    await this.#mark(message, false);
  }

  /**
   * Reads the oldest letter of a message, or the next one `after` a sequence, and leaves it where it is; `undefined` if
   * there is none. An instance may be at work on it.
   *
   * @throws InvalidOptions, MailError
   */
  async peek(message: Name, after = 0): Promise<KeptLetter | undefined> {
    const consumer = this.#consumer(message);
    const { names } = this.#plan;
    const subjects = [...consumer.filter_subjects, names.retry("*", message)];
    const what = `the letters of ${this.#mailbox.name}.${message}`;
    const read = (next_by_subj: string) =>
      readRawLetter(this.#api, names.stream, { seq: after + 1, next_by_subj }, what);
    const found = (await Promise.all(subjects.map(read))).filter((raw) => raw !== undefined);
    const [first] = found.sort((a, b) => a.sequence - b.sequence);
    return first && this.#letterOf(message, first);
  }

  #letterOf(message: string, raw: RawLetter): KeptLetter {
    const { names } = this.#plan;
    const { sequence, subject, headers, time } = raw;
    const trail = subject === names.letter(message) ? undefined : readTrail(headers);
    const aside = subject !== names.letter(message) && subject !== names.again(message);
    return {
      sequence,
      message,
      state: aside ? "put-aside" : "waiting",
      sentAt: trail?.sentAt ?? timeIn(time),
      failures: trail?.failures ?? 0,
      dueAt: aside ? trail?.dueAt : undefined,
      ...contentOf(this.#mailbox, message, names.stream, raw),
    };
  }

  async #mark(message: Name, paused: boolean): Promise<void> {
    this.#consumer(message);
    const { stream } = this.#plan.names;
    const what = `the consumer of ${this.#mailbox.name}.${message}`;
    const info = await this.#api.request(`CONSUMER.INFO.${stream}.${message}`);
    if (info.kind !== "reply") throw mailError(what, info);
    const found = info.body.config as { readonly metadata?: Readonly<Record<string, string>> };
    const config = { ...found, metadata: { ...found.metadata, [pausedKey]: String(paused) } };
    const body = { stream_name: stream, action: "update", config };
    const updated = await this.#api.request(`CONSUMER.CREATE.${stream}.${message}`, body);
    if (updated.kind !== "reply") throw mailError(what, updated);
  }

  #consumer(message: string) {
    const consumer = this.#plan.consumers.get(message);
    if (consumer !== undefined) return consumer;
    const known = [...this.#plan.consumers.keys()].join(", ");
    const problem = `has no durable message ${describe(message)}: those are ${known}`;
    throw new InvalidOptions(`The mailbox ${this.#mailbox.name}`, [problem]);
  }
}
