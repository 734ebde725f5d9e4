import { clearTimeout, performance, setImmediate, setTimeout } from "../base/timers.js";
import type { Card } from "./member.js";
import type { QueryEnvironment } from "./presence-environment.js";
import { PresenceQuery } from "./presence-query.js";
import type { Pulse } from "./pulse.js";
import { maxInstances } from "./roster.js";

/**
 * A round is complete when no new answer comes for this long, in ms. Longer if the first answer took long, as over a
 * slow network.
 */
const quiet = 50;
/** A multiple of the time of the first answer. */
const asLongAs = 2;
/** The silence that means "nobody", in ms, if the server cannot say so. */
const silence = 500;
/** The longest round, in ms, even if answers still come. */
const longest = 1_000;

/** Callbacks of a round. */
export interface RoundEvents {
  card(card: Card): void;
  nobody(): void;
  forbidden(): void;
  /** All instances have answered, as far as can be known. */
  complete(): void;
  /** No instance answered, and the server did not say that nobody listens: they hang, or the query was lost. */
  unanswered(): void;
}

/**
 * Sends one presence query to all instances.
 *
 * ROUND-1 It ends once: complete, unanswered, forbidden, or closed.
 * ROUND-2 It accepts at most as many answers as a roster holds instances.
 * ROUND-3 A blocked event loop does not cause silence: the loop reads once more before silence counts.
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

  constructor(env: QueryEnvironment, subject: string, pulse: Pulse, events: RoundEvents) {
    this.#events = events;
    this.#limit = setTimeout(() => setImmediate(() => this.#end(this.#answers > 0)), longest);
    this.#question = new PresenceQuery(env, subject, pulse, {
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
    if (this.#answers < maxInstances) this.#wait(this.#patience);
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
