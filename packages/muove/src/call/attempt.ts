import type { Core } from "../core/core.js";
import type { Awaiting } from "../inbox/inbox.js";
import type { Message } from "../link/index.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { encodeCancellation } from "../wire/cancellation.js";
import { onAbort } from "./on-abort.js";
import { type Asked, readReply } from "./read-reply.js";
import { reserve } from "./scope.js";

/** How much later than asked a timer may come before it says more of this process than of the one it waited for, in ms. */
const late = 50;

/** How an attempt waits. */
export interface Patience {
  /** How long, in ms. */
  readonly timeout: number;
  readonly signals: readonly AbortSignal[];
}

/**
 * One sending of a call, and the wait for its answer.
 *
 * P1 It settles once, and then leaves nothing behind: no place in the inbox, no timer, no abort listener.
 * P2 A deadline that has passed settles it only after the loop has read once more: when this process was busy for longer
 *    than the deadline, the answer may lie in its socket, and then it is an answer.
 */
export class Attempt implements Awaiting {
  readonly sentAt = performance.now();
  readonly #core: Core;
  readonly #asked: Asked;
  readonly #patience: Patience;
  readonly #settled: (outcome: AnyOutcome, attempt: Attempt) => void;
  readonly #token: string;
  #timer: NodeJS.Timeout | undefined;
  #stopListening: readonly (() => void)[] = [];
  #done = false;

  constructor(core: Core, asked: Asked, patience: Patience, settled: (outcome: AnyOutcome, attempt: Attempt) => void) {
    this.#core = core;
    this.#asked = asked;
    this.#patience = patience;
    this.#settled = settled;
    this.#token = core.inbox.open(this);
  }

  get subject(): string {
    return this.#asked.target.subject;
  }

  get replySubject(): string {
    return this.#core.inbox.subject(this.#token);
  }

  /**
   * Whether a timeout of this attempt says that nobody answers: it had all the time that the contract gives, or that a
   * budget of so much leaves, and came in time.
   */
  get hadItsTime(): boolean {
    const { timeout } = this.#patience;
    const full = this.#asked.target.definition.timeout;
    return timeout >= full - reserve(full) - 1 && performance.now() - this.sentAt < timeout + late;
  }

  /** It was published: starts to wait. */
  wait(): void {
    const { timeout, signals } = this.#patience;
    this.#stopListening = signals.map((signal) => onAbort(signal, this.#abort));
    this.#timer = setTimeout(() => setImmediate(this.#expire), timeout);
  }

  received(message: Message): void {
    const outcome = readReply(this.#asked, message);
    if (outcome === undefined) this.#core.counts.streamAcknowledgements++;
    else this.settle(outcome);
  }

  lost(): void {
    this.settle(ending.unreachable(this.#asked.target.address, "maybe"));
  }

  forbidden(): void {
    this.settle(ending.forbidden(this.#asked.target.address));
  }

  settle(outcome: AnyOutcome): void {
    if (this.#done) return;
    this.#done = true;
    this.#core.inbox.close(this.#token);
    clearTimeout(this.#timer);
    for (const stop of this.#stopListening) stop();
    this.#settled(outcome, this);
  }

  /** Nobody knows which instance has it, so all are told. */
  readonly #abort = (): void => {
    this.#core.link.publish(this.#asked.target.cancelSubject, encodeCancellation(this.replySubject));
    this.settle(ending.cancelled(this.#asked.target.address, "maybe"));
  };

  readonly #expire = (): void => this.settle(ending.timedOut(this.#asked.target.address, this.#patience.timeout));
}
