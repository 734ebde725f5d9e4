import { type Deadline, Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { Message } from "../link/index.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { cancelCall } from "../wire/cancellation.js";
import { unsent } from "./preflight.js";
import { readReply } from "./read-reply.js";
import type { Request } from "./request.js";
import { reserve } from "./scope.js";
import type { CallTarget } from "./target.js";

/** How much later than asked a timer may come before it says more of this process than of the one it waited for, in ms. */
const late = 50;

/** Who makes attempts. */
export interface Attempting {
  /** Called once. */
  ended(outcome: AnyOutcome, attempt: Attempt): void;
}

/**
 * Whether a timeout after `timeout` ms says that nobody answers: it was all the time that the contract gives, or that a budget of so
 * much leaves, and it came in time.
 */
export function hadItsTime({ definition }: CallTarget, timeout: number, sentAt: number): boolean {
  const full = definition.timeout;
  return timeout >= full - reserve(full) - 1 && performance.now() - sentAt < timeout + late;
}

/**
 * One sending of a request, and the wait for its reply.
 *
 * P1 It settles once, and then leaves nothing behind: no place in the inbox, no deadline, no abort listener.
 * P2 A deadline that has passed settles it only after the loop has read once more: when this process was busy for longer
 *    than the deadline, the answer may lie in its socket, and then it is an answer.
 */
export class Attempt extends Expiring implements PendingReply {
  readonly nonce = nonce();
  readonly sentAt: number;
  readonly #request: Request;
  readonly #to: CallTarget;
  readonly #timeout: number;
  readonly #owner: Attempting;
  readonly #token: number;
  #deadline: Deadline | undefined;
  #stopListening: readonly (() => void)[] | undefined;
  #done = false;

  /** @param to whom it is sent to. @param timeout how long to wait, in ms. */
  constructor(request: Request, to: CallTarget, timeout: number, now: number, owner: Attempting) {
    super();
    this.sentAt = now;
    this.#request = request;
    this.#to = to;
    this.#timeout = Math.ceil(timeout);
    this.#owner = owner;
    this.#token = request.env.inbox.open(this);
  }

  get subject(): string {
    return this.#to.subject;
  }

  get expiresAt(): number {
    return this.sentAt + this.#timeout;
  }

  get hadItsTime(): boolean {
    return hadItsTime(this.#to, this.#timeout, this.sentAt);
  }

  /** Publishes it, and waits. */
  send(): void {
    const { env, scope, payload } = this.#request;
    const headers = this.#request.headers(this.#timeout, this.sentAt);
    const reply = env.inbox.subject(this.nonce, this.#token);
    if (!env.link.publish(this.subject, payload, { reply, headers })) {
      env.inbox.withdraw(this.#token);
      return this.settle(unsent(this.#request, this.#to, headers));
    }
    this.#deadline = env.deadlines.add(this.#timeout, this);
    if (scope.signals.length > 0) {
      this.#stopListening = scope.signals.map((signal) => onAbort(signal, () => this.#abort()));
    }
  }

  received(message: Message): void {
    const outcome = readReply(this.#to, message);
    if (outcome === undefined) this.#request.env.counts.streamAcknowledgements++;
    else this.settle(outcome);
  }

  lost(): void {
    this.settle(ending.unreachable(this.#to.address, "maybe"));
  }

  forbidden(): void {
    this.settle(ending.forbidden(this.#to.address));
  }

  // P2 is what deadlines do.
  expire(): void {
    this.settle(ending.timedOut(this.#to.address, this.#timeout));
  }

  settle(outcome: AnyOutcome): void {
    if (this.#done) return;
    this.#done = true;
    this.#request.env.inbox.close(this.#token);
    this.#deadline?.delete(this);
    if (this.#stopListening !== undefined) for (const stop of this.#stopListening) stop();
    this.#owner.ended(outcome, this);
  }

  /** Nobody knows which instance has it, so all are told. */
  #abort(): void {
    const { env, id } = this.#request;
    if (id !== undefined) cancelCall(env.link, this.#to.cancelSubject, id);
    this.settle(ending.cancelled(this.#to.address, "maybe"));
  }
}
