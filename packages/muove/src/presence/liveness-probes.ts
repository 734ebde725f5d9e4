import { clearTimeout, performance, setTimeout } from "../base/timers.js";
import { instanceSubject, watchToken } from "../wire/subjects.js";
import type { Card } from "./member.js";
import type { QueryEnvironment } from "./presence-environment.js";
import { PresenceQuery } from "./presence-query.js";
import type { Pulse } from "./pulse.js";

/** How long to wait for an answer, in ms. */
const patience = 2_000;
/** The minimum time between probes of the same instance, in ms. */
const pause = 100;
/** How many unconfirmed instances are probed at a time. */
const maxStrangers = 256;

/** The results of probes. */
export interface LivenessProbeEvents {
  /** @param doubted whether it will be probed again, because there is a new reason since the probe. */
  card(card: Card, doubted: boolean): void;
  gone(instance: string): void;
}

interface Doubt {
  readonly instance: string;
  stranger: boolean;
  /** Undefined after the answer, while the next probe must wait. */
  question: PresenceQuery | undefined;
  askedAt: number;
  timer: NodeJS.Timeout | undefined;
  /** There is a new reason since the last probe. */
  again: boolean;
}

/**
 * Asks single instances whether they are there.
 *
 * LIVENESS-PROBES-1 Each instance gets one probe at a time, at most once in 100 ms, however many reasons there are to
 *   doubt it.
 * LIVENESS-PROBES-2 A reason that comes too early for the next probe is not lost: it is probed when it may be.
 * LIVENESS-PROBES-3 At most 256 strangers are probed at a time. Each counts until it answers; one that does not answer
 *   counts for at least 100 ms.
 */
export class LivenessProbes {
  readonly #env: QueryEnvironment;
  readonly #mailbox: string;
  readonly #events: LivenessProbeEvents;
  readonly #open = new Map<string, Doubt>();
  #strangers = 0;

  constructor(env: QueryEnvironment, mailbox: string, events: LivenessProbeEvents) {
    this.#env = env;
    this.#mailbox = mailbox;
    this.#events = events;
  }

  /** Whether one more stranger can be probed. */
  get roomForStrangers(): boolean {
    return this.#strangers < maxStrangers;
  }

  /** The instance was silent for too long. */
  overdue(instance: string, pulse: Pulse): void {
    const doubt = this.#open.get(instance);
    if (doubt === undefined) this.#ask(instance, pulse, false);
    else this.#repeat(doubt, pulse);
  }

  /** A message came in its name, so its last answer no longer counts. */
  ask(instance: string, pulse: Pulse): void {
    const doubt = this.#open.get(instance);
    if (doubt !== undefined) doubt.again = true;
    this.overdue(instance, pulse);
  }

  /** A message came in the name of an unknown instance. */
  askStranger(instance: string, pulse: Pulse): void {
    if (this.#open.has(instance) || !this.roomForStrangers) return;
    this.#strangers++;
    this.#ask(instance, pulse, true);
  }

  forget(instance: string): void {
    const doubt = this.#open.get(instance);
    if (doubt === undefined) return;
    clearTimeout(doubt.timer);
    doubt.question?.close();
    this.#open.delete(instance);
    this.#stopCounting(doubt);
  }

  forgetAll(): void {
    for (const instance of this.#open.keys()) this.forget(instance);
  }

  #ask(instance: string, pulse: Pulse, stranger: boolean): void {
    const now = performance.now();
    const doubt: Doubt = { instance, stranger, question: undefined, askedAt: now, timer: undefined, again: false };
    this.#open.set(instance, doubt);
    doubt.timer = setTimeout(() => this.#over(doubt, pulse), patience);
    const subject = instanceSubject(this.#env.prefix, this.#mailbox, instance, watchToken);
    doubt.question = new PresenceQuery(this.#env, subject, pulse, {
      card: (card) => {
        if (card.member.instance !== instance) return;
        this.#stopCounting(doubt);
        this.#answered(doubt, pulse);
        this.#events.card(card, doubt.again);
      },
      nobody: () => {
        this.#answered(doubt, pulse);
        this.#events.gone(instance);
      },
      captured: () => {},
      forbidden: () => this.#answered(doubt, pulse),
    });
  }

  /** The probe may have been lost. */
  #repeat(doubt: Doubt, pulse: Pulse): void {
    const now = performance.now();
    if (doubt.question === undefined || now - doubt.askedAt < pause) return;
    doubt.askedAt = now;
    doubt.question.repeat(pulse);
  }

  #stopCounting(doubt: Doubt): void {
    if (doubt.stranger) this.#strangers--;
    doubt.stranger = false;
  }

  /** Allows the next probe when its time comes. */
  #answered(doubt: Doubt, pulse: Pulse): void {
    doubt.question?.close();
    doubt.question = undefined;
    clearTimeout(doubt.timer);
    doubt.timer = setTimeout(() => this.#over(doubt, pulse), Math.max(1, doubt.askedAt + pause - performance.now()));
  }

  #over({ instance, again }: Doubt, pulse: Pulse): void {
    this.forget(instance);
    if (again) this.#ask(instance, pulse, false);
  }
}
