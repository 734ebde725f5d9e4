import { plainText } from "@muove/contract/internal";
import type { Logger } from "../base/logger.js";
import { clearTimeout, performance, setTimeout } from "../base/timers.js";
import type { MailPlan } from "../letters/streams.js";
import type { ArrivalEnvironment } from "./arrivals.js";
import type { StoreClock } from "./clock.js";
import { type Provided, provide } from "./provider.js";

/** How long after a failure the streams are looked up again, in ms: when nobody could tell, and when they cannot be made. */
const lookAgain = { later: 500, impossible: 5_000 };

/**
 * Looks the streams and consumers of a mailbox up, and makes them, until they are there; and again whenever they may be
 * gone.
 *
 * OPENING-1 It looks once at a time, and at the earliest time that was asked for.
 * OPENING-2 What changes is said once, however often it looks.
 */
export class Opening {
  readonly #env: ArrivalEnvironment;
  readonly #plan: MailPlan;
  readonly #log: Logger;
  readonly #clock: StoreClock;
  readonly #opened: (paused: readonly string[]) => void;
  #provided: Provided | undefined;
  #looking = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires, on the clock of `performance.now()`. */
  #at = Number.POSITIVE_INFINITY;
  #ended = false;

  /** @param opened is called each time that all is there. @param clock hears the server's time. */
  constructor(
    env: ArrivalEnvironment,
    plan: MailPlan,
    log: Logger,
    clock: StoreClock,
    opened: (paused: readonly string[]) => void,
  ) {
    this.#env = env;
    this.#plan = plan;
    this.#log = log;
    this.#clock = clock;
    this.#opened = opened;
  }

  /** Why the letters cannot be kept or handled; `undefined` if they can be, or nobody knows yet. */
  get problem(): string | undefined {
    return this.#provided?.kind === "impossible" ? this.#provided.why : undefined;
  }

  /** What puts the letters at risk, or is not as the contract says. */
  get warnings(): readonly string[] {
    const { letters, mailbox } = this.#plan;
    const safe = letters.storage === "file" ? "one server's disk" : "the memory of its server";
    const risk = letters.num_replicas === 1 || letters.storage === "memory";
    const drift = this.#provided?.kind === "open" ? this.#provided.drift : [];
    return [
      ...(risk ? [`the letters of ${mailbox} are only in ${safe}`] : []),
      ...drift.map(({ of, setting }) => `the letters of ${mailbox}: ${setting} of ${of} is not as its contract says`),
    ];
  }

  now(): void {
    this.#after(0);
  }

  soon(): void {
    this.#after(lookAgain.later);
  }

  /** Not before somebody asks again: there is no connection. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#at = Number.POSITIVE_INFINITY;
  }

  end(): void {
    this.#ended = true;
    this.pause();
  }

  // OPENING-1
  #after(ms: number): void {
    const at = performance.now() + ms;
    if (this.#ended || this.#at <= at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => void this.#look(), ms).unref();
  }

  async #look(): Promise<void> {
    this.pause();
    if (this.#looking) return;
    this.#looking = true;
    const provided = await provide(this.#env, this.#plan, (time) => this.#clock.heard(time));
    this.#looking = false;
    if (this.#ended || !this.#env.link.up) return;
    if (provided.kind === "later") return this.soon();
    this.#tell(provided);
    this.#provided = provided;
    if (provided.kind === "impossible") this.#after(lookAgain.impossible);
    else this.#opened(provided.paused);
  }

  // OPENING-2
  #tell(provided: Exclude<Provided, { kind: "later" }>): void {
    const { mailbox, letters } = this.#plan;
    const before = this.#provided;
    if (provided.kind === "impossible") {
      if (before?.kind === "impossible" && before.why === provided.why) return;
      return this.#log.error({ mailbox, reason: plainText(provided.why) }, "letters cannot be kept");
    }
    if (before?.kind === "open") {
      const { made } = provided;
      const text = "kept mail was gone, and was made again: what a lost stream kept is lost";
      return made.length > 0 ? this.#log.error({ mailbox, made }, text) : undefined;
    }
    const oneServer = letters.num_replicas === 1;
    this.#log.info({ mailbox, stream: letters.name, ...(oneServer && { oneServer }) }, "letters are kept");
    if (provided.drift.length > 0)
      this.#log.warn({ mailbox, drift: provided.drift }, "kept mail is not as its contract says");
  }
}
