import { instanceSubject, watchToken } from "../wire/subjects.js";
import type { Card } from "./member.js";
import type { QueryEnvironment } from "./presence-environment.js";
import { PresenceQuery } from "./presence-query.js";
import type { Pulse } from "./pulse.js";

/** How long an answer is waited for, in ms. */
const patience = 2_000;
/** From one question to the same instance to the next one, in ms. */
const pause = 100;
/** How many are asked at a time of whom nothing is known but what anybody could have said. */
const mostStrangers = 256;

/** What comes of a doubt. */
export interface LivenessProbeEvents {
  /** @param doubted whether it will be asked again: there is a new reason since it was asked. */
  card(card: Card, doubted: boolean): void;
  gone(instance: string): void;
}

interface Doubt {
  readonly instance: string;
  stranger: boolean;
  /** Nothing when it has been answered, and the next one must wait. */
  question: PresenceQuery | undefined;
  askedAt: number;
  timer: NodeJS.Timeout | undefined;
  /** There is a new reason since it was asked. */
  again: boolean;
}

/**
 * Asks single instances whether they are there.
 *
 * LIVENESS-PROBES-1 Each instance is asked one question at a time, and at most once in 100 ms, however many reasons
 *   there are to doubt it.
 * LIVENESS-PROBES-2 A reason that comes too early for the next question is not lost: it is asked then.
 * LIVENESS-PROBES-3 Of strangers no more than 256 are asked at a time; each counts until it has answered, and one that
 *   does not for 100 ms at least.
 */
export class LivenessProbes {
  readonly #core: QueryEnvironment;
  readonly #mailbox: string;
  readonly #events: LivenessProbeEvents;
  readonly #open = new Map<string, Doubt>();
  #strangers = 0;

  constructor(core: QueryEnvironment, mailbox: string, events: LivenessProbeEvents) {
    this.#core = core;
    this.#mailbox = mailbox;
    this.#events = events;
  }

  /** Whether one more of whom nothing is known can be asked. */
  get roomForStrangers(): boolean {
    return this.#strangers < mostStrangers;
  }

  /** It was not heard for too long. */
  overdue(instance: string, pulse: Pulse): void {
    const doubt = this.#open.get(instance);
    if (doubt === undefined) this.#ask(instance, pulse, false);
    else this.#repeat(doubt, pulse);
  }

  /** Somebody has said something in its name, so that what it answered before counts no more. */
  ask(instance: string, pulse: Pulse): void {
    const doubt = this.#open.get(instance);
    if (doubt !== undefined) doubt.again = true;
    this.overdue(instance, pulse);
  }

  /** Somebody has said something in the name of one of whom nothing is known. */
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
    const subject = instanceSubject(this.#core.prefix, this.#mailbox, instance, watchToken);
    doubt.question = new PresenceQuery(this.#core, subject, pulse, {
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

  /** The question may have been lost. */
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

  /** Then the next question can be asked, when it is time for it. */
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
