import type { Card } from "./member.js";
import type { QueryEnvironment } from "./presence-environment.js";
import { PresenceQuery } from "./presence-query.js";
import type { Pulse } from "./pulse.js";
import { mostInstances } from "./roster.js";

/**
 * When nobody new has answered for so long, all have, in ms; longer where the first one took long, as over a far
 * network.
 */
const quiet = 50;
/** So many times what the first answer took. */
const asLongAs = 2;
/** Where the server cannot say that nobody is there, as long a silence has to do, in ms. */
const silence = 500;
/** A round ends after so long, in ms, whoever still answers. */
const longest = 1_000;

/** What comes of a round. */
export interface RoundEvents {
  card(card: Card): void;
  nobody(): void;
  forbidden(): void;
  /** All who are there have answered, as far as can be known. */
  complete(): void;
  /** Nobody answered, and the server did not say that nobody is there: they hang, or the question was lost. */
  unanswered(): void;
}

/**
 * Asks everyone once who is there.
 *
 * ROUND-1 It ends once: complete, unanswered, forbidden, or closed.
 * ROUND-2 It takes no more answers than a roster holds instances.
 * ROUND-3 A silence that our own late loop made is none: the loop reads once more before it counts.
 */
export class Round {
  readonly #events: RoundEvents;
  readonly #question: PresenceQuery;
  readonly #askedAt = performance.now();
  readonly #limit: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #answers = 0;
  #patience = quiet;
  #ended = false;

  constructor(core: QueryEnvironment, subject: string, pulse: Pulse, events: RoundEvents) {
    this.#events = events;
    this.#limit = setTimeout(() => setImmediate(() => this.#end(this.#answers > 0)), longest);
    this.#question = new PresenceQuery(core, subject, pulse, {
      card: (card) => this.#answered(card),
      nobody: () => this.#deserted(),
      captured: () => this.#wait(silence),
      forbidden: () => {
        this.close();
        events.forbidden();
      },
    });
  }

  close(): void {
    this.#ended = true;
    clearTimeout(this.#limit);
    clearTimeout(this.#timer);
    this.#question.close();
  }

  #answered(card: Card): void {
    if (this.#ended) return;
    if (this.#answers++ === 0) this.#patience = Math.max(quiet, asLongAs * (performance.now() - this.#askedAt));
    this.#events.card(card);
    if (this.#answers < mostInstances) this.#wait(this.#patience);
    else this.#end(true);
  }

  #deserted(): void {
    if (this.#ended) return;
    this.#events.nobody();
    this.#end(true);
  }

  #wait(patience: number): void {
    if (this.#ended) return;
    const answers = this.#answers;
    const look = (): void => {
      if (this.#answers === answers) this.#end(true);
    };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setImmediate(look), patience);
  }

  #end(complete: boolean): void {
    if (this.#ended) return;
    this.close();
    if (complete) this.#events.complete();
    else this.#events.unanswered();
  }
}
