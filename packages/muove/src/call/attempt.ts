import { type Deadline, Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { Message } from "../link/index.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { cancelCall } from "../wire/cancellation.js";
import type { Sendable } from "./prepared.js";
import { readReply } from "./read-reply.js";
import { reserve } from "./scope.js";

/** How much later than asked a timer may come before it says more of this process than of the one it waited for, in ms. */
const late = 50;

/** Whose attempt it is. */
export interface Attempting {
  /** Called once. */
  ended(outcome: AnyOutcome, attempt: Attempt): void;
}

/**
 * One sending of a call, and the wait for its answer.
 *
 * P1 It settles once, and then leaves nothing behind: no place in the inbox, no deadline, no abort listener.
 * P2 A deadline that has passed settles it only after the loop has read once more: when this process was busy for longer
 *    than the deadline, the answer may lie in its socket, and then it is an answer.
 */
export class Attempt extends Expiring implements PendingReply {
  readonly nonce = nonce();
  readonly sentAt: number;
  readonly #call: Sendable;
  readonly #timeout: number;
  readonly #owner: Attempting;
  readonly #token: number;
  #deadline: Deadline | undefined;
  #stopListening: readonly (() => void)[] | undefined;
  #done = false;

  /** @param timeout how long to wait, in ms. */
  constructor(call: Sendable, timeout: number, now: number, owner: Attempting) {
    super();
    this.sentAt = now;
    this.#call = call;
    this.#timeout = Math.ceil(timeout);
    this.#owner = owner;
    this.#token = call.core.inbox.open(this);
  }

  get subject(): string {
    return this.#call.target.subject;
  }

  get replySubject(): string {
    return this.#call.core.inbox.subject(this.nonce, this.#token);
  }

  get expiresAt(): number {
    return this.sentAt + this.#timeout;
  }

  /**
   * Whether a timeout of this attempt says that nobody answers: it had all the time that the contract gives, or that a
   * budget of so much leaves, and came in time.
   */
  get hadItsTime(): boolean {
    const full = this.#call.target.definition.timeout;
    return this.#timeout >= full - reserve(full) - 1 && performance.now() - this.sentAt < this.#timeout + late;
  }

  /** It was published: starts to wait. */
  wait(): void {
    const { core, scope } = this.#call;
    this.#deadline = core.deadlines.add(this.#timeout, this);
    if (scope.signals.length > 0) {
      this.#stopListening = scope.signals.map((signal) => onAbort(signal, () => this.#abort()));
    }
  }

  received(message: Message): void {
    const outcome = readReply(this.#call, message);
    if (outcome === undefined) this.#call.core.counts.streamAcknowledgements++;
    else this.settle(outcome);
  }

  lost(): void {
    this.settle(ending.unreachable(this.#call.target.address, "maybe"));
  }

  forbidden(): void {
    this.settle(ending.forbidden(this.#call.target.address));
  }

  // P2 is what deadlines do.
  expire(): void {
    this.settle(ending.timedOut(this.#call.target.address, this.#timeout));
  }

  /** It was not published, and never will be. */
  unsent(outcome: AnyOutcome): void {
    this.#call.core.inbox.withdraw(this.#token);
    this.settle(outcome);
  }

  settle(outcome: AnyOutcome): void {
    if (this.#done) return;
    this.#done = true;
    this.#call.core.inbox.close(this.#token);
    this.#deadline?.delete(this);
    if (this.#stopListening !== undefined) for (const stop of this.#stopListening) stop();
    this.#owner.ended(outcome, this);
  }

  /** Nobody knows which instance has it, so all are told. */
  #abort(): void {
    const { core, target, id } = this.#call;
    if (id !== undefined) cancelCall(core.link, target.cancelSubject, id);
    this.settle(ending.cancelled(target.address, "maybe"));
  }
}
