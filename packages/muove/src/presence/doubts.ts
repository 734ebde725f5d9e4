import type { Core } from "../core/core.js";
import { instanceSubject, watchToken } from "../wire/subjects.js";
import type { Member } from "./member.js";
import type { Pulse } from "./pulse.js";
import { Question } from "./question.js";

/** How long an answer is waited for, in ms. */
const patience = 2_000;
/** How many are asked at a time of whom nothing is known but a beat: anybody can send one. */
const mostStrangers = 64;

/** What comes of a doubt. */
export interface DoubtEvents {
  member(member: Member): void;
  gone(instance: string): void;
}

interface Doubt {
  readonly question: Question;
  readonly timer: NodeJS.Timeout;
}

/** Asks single instances whether they are there. */
export class Doubts {
  readonly #core: Core;
  readonly #mailbox: string;
  readonly #events: DoubtEvents;
  readonly #open = new Map<string, Doubt>();

  constructor(core: Core, mailbox: string, events: DoubtEvents) {
    this.#core = core;
    this.#mailbox = mailbox;
    this.#events = events;
  }

  ask(instance: string, pulse: Pulse): void {
    this.forget(instance);
    const subject = instanceSubject(this.#core.prefix, this.#mailbox, instance, watchToken);
    const question = new Question(this.#core, subject, pulse, {
      member: (member) => {
        this.forget(instance);
        this.#events.member(member);
      },
      nobody: () => {
        this.forget(instance);
        this.#events.gone(instance);
      },
      captured: () => {},
      forbidden: () => this.forget(instance),
    });
    this.#open.set(instance, { question, timer: setTimeout(() => this.forget(instance), patience) });
  }

  /** Asks one of whom nothing is known. */
  askStranger(instance: string, pulse: Pulse): void {
    if (!this.#open.has(instance) && this.#open.size < mostStrangers) this.ask(instance, pulse);
  }

  forget(instance: string): void {
    const doubt = this.#open.get(instance);
    if (doubt === undefined) return;
    clearTimeout(doubt.timer);
    doubt.question.close();
    this.#open.delete(instance);
  }

  forgetAll(): void {
    for (const instance of [...this.#open.keys()]) this.forget(instance);
  }
}
