import { type Deadline, Expiring } from "../base/deadlines.js";
import { onAbort } from "../base/on-abort.js";
import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { NatsMessage } from "../link/index.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import type { Sending } from "../peers/peer.js";
import type { Transport } from "./call-environment.js";
import { unsent } from "./preflight.js";
import { readReply } from "./read-reply.js";
import type { Request } from "./request.js";
import type { CallTarget } from "./target.js";

/** The maker of an attempt. */
export interface AttemptOwner {
  /** Called once. */
  ended(outcome: AnyOutcome, attempt: Attempt): void;
}

/**
 * Sends a request once and waits for its reply.
 *
 * ATTEMPT-1 It settles once, and then leaves nothing behind: no inbox entry, no deadline, no abort listener.
 * ATTEMPT-2 A deadline settles it only after the event loop has read the socket once more: if this process was busy
 *   past the deadline, the reply may already be there, and then it counts.
 */
export class Attempt extends Expiring implements PendingReply, Sending {
  readonly nonce = nonce();
  readonly sentAt: number;
  readonly timeout: number;
  readonly #request: Request;
  readonly #transport: Transport;
  readonly #to: CallTarget;
  readonly #owner: AttemptOwner;
  readonly #token: number;
  #deadline: Deadline | undefined;
  #stopListening: readonly (() => void)[] | undefined;
  #done = false;

  /** @param to the target to send to. @param timeout in ms. */
  constructor(request: Request, to: CallTarget, timeout: number, now: number, owner: AttemptOwner) {
    super();
    this.sentAt = now;
    this.#request = request;
    this.#to = to;
    this.timeout = Math.ceil(timeout);
    this.#owner = owner;
    this.#transport = request.env.transport;
    this.#token = this.#transport.inbox.open(this);
  }

  get subject(): string {
    return this.#to.subject;
  }

  get expiresAt(): number {
    return this.sentAt + this.timeout;
  }

  get contracted(): number {
    return this.#to.definition.timeout;
  }

  get ourDelay(): boolean {
    return this.#transport.deadlines.stalls.tookHalf(this.sentAt, this.timeout);
  }

  send(): void {
    const { scope, payload } = this.#request;
    const { link, inbox, deadlines } = this.#transport;
    const headers = this.#request.headers(this.timeout, this.sentAt);
    const reply = inbox.subject(this.nonce, this.#token);
    if (!link.publish(this.subject, payload, { reply, headers })) {
      inbox.withdraw(this.#token);
      return this.settle(unsent(this.#request, this.#to, headers));
    }
    this.#deadline = deadlines.add(this.timeout, this);
    if (scope.signals.length > 0) this.#listen(scope.signals);
  }

  #listen(signals: readonly AbortSignal[]): void {
    this.#stopListening = signals.map((signal) => onAbort(signal, () => this.#abort()));
  }

  received(message: NatsMessage): void {
    const outcome = readReply(this.#to, message);
    if (outcome === undefined) this.#request.env.reports.streamAcknowledged();
    else this.settle(outcome);
  }

  lost(): void {
    this.settle(ending.unreachable(this.#to.address, "maybe"));
  }

  forbidden(): void {
    this.settle(ending.forbidden(this.#to.address));
  }

  // ATTEMPT-2: `Deadlines` does that.
  expire(): void {
    this.settle(ending.timedOut(this.#to.address, this.timeout));
  }

  settle(outcome: AnyOutcome): void {
    if (this.#done) return;
    this.#done = true;
    this.#transport.inbox.close(this.#token);
    this.#deadline?.delete(this);
    if (this.#stopListening !== undefined) for (const stop of this.#stopListening) stop();
    this.#owner.ended(outcome, this);
  }

  #abort(): void {
    this.#request.cancel(this.#to);
    this.settle(ending.cancelled(this.#to.address, "maybe"));
  }
}
