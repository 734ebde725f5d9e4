import type { Msg } from "@nats-io/nats-core";
import type { Core } from "../bus/core.js";
import type { Awaiting } from "../inbox/inbox.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { type Asked, readReply } from "./read-reply.js";

/**
 * A call under way.
 *
 * P1 It settles once, and then leaves nothing behind: no place in the inbox, no timer, no abort listener.
 * P2 A deadline that has passed settles it only after the loop has read once more: when this process was busy for longer
 *    than the deadline, the answer may lie in its socket, and then it is an answer.
 */
export class PendingCall implements Awaiting {
  readonly #core: Core;
  readonly #asked: Asked;
  readonly #resolve: (outcome: AnyOutcome) => void;
  readonly #token: string;
  #signals: readonly AbortSignal[] = [];
  #timer: NodeJS.Timeout | undefined;
  #settled = false;

  constructor(core: Core, asked: Asked, resolve: (outcome: AnyOutcome) => void) {
    this.#core = core;
    this.#asked = asked;
    this.#resolve = resolve;
    this.#token = core.inbox.open(this);
  }

  get subject(): string {
    return this.#asked.subject;
  }

  get replySubject(): string {
    return this.#core.inbox.subject(this.#token);
  }

  /** Starts to wait: `timeout` in ms. */
  wait(timeout: number, signals: readonly AbortSignal[]): void {
    this.#signals = signals;
    for (const signal of signals) signal.addEventListener("abort", this.#abort);
    this.#timer = setTimeout(() => setImmediate(() => this.#expire(timeout)), timeout);
  }

  received(msg: Msg): void {
    const outcome = readReply(this.#asked, msg);
    if (outcome === undefined) this.#core.counts.streamAcknowledgements++;
    else this.settle(outcome);
  }

  lost(): void {
    this.settle(ending.unreachable(this.#asked.address, "maybe"));
  }

  forbidden(): void {
    this.settle(ending.forbidden(this.#asked.address));
  }

  settle(outcome: AnyOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#core.inbox.close(this.#token);
    clearTimeout(this.#timer);
    for (const signal of this.#signals) signal.removeEventListener("abort", this.#abort);
    this.#resolve(outcome);
  }

  readonly #abort = (): void => this.settle(ending.cancelled(this.#asked.address, "maybe"));

  #expire(timeout: number): void {
    this.settle(ending.timedOut(this.#asked.address, timeout));
  }
}
