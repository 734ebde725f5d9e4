import type { Mailbox, Message, Messages } from "@muove/contract";
import { rules } from "@muove/contract/internal";
import type { Address } from "../address/address.js";
import type { WithMetadata } from "../address/given-metadata.js";
import { inCleanContext } from "../base/clean-context.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Logger } from "../base/logger.js";
import { performance, wallClock } from "../base/timers.js";
import { Scope } from "../call/scope.js";
import type { AnyClient, ClientOf, Everyone, Publish } from "../client/client.js";
import { address, everyone } from "../client/sender.js";
import { nonce } from "../inbox/nonces.js";
import type { Metadata } from "../metadata/metadata.js";
import type { Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import type { RequestHeaders } from "../wire/headers.js";
import { readKey } from "../wire/key.js";
import type { Endpoint } from "./endpoint.js";
import { Failure, isUnseen } from "./failure.js";
import type { Context, StepContext } from "./handler-context.js";
import { type HeldLetter, LetterDisposition } from "./held-letter.js";
import type { Host } from "./host.js";
import { StepRefusal } from "./step-refusal.js";

/** The context of one message. Creates everything costly on first use. */
export class MessageContext implements Context, StepContext {
  readonly input: unknown;
  readonly meta: unknown;
  /** Whether the handler was called. */
  handled = false;
  readonly #host: Host;
  readonly #endpoint: Endpoint;
  readonly #headers: RequestHeaders;
  readonly #callerEndsAt: number;
  readonly #endsAt: number;
  readonly #trace: Trace | undefined;
  readonly #letter: HeldLetter | undefined;
  #controller: AbortController | undefined;
  #abortReason: DOMException | undefined;
  #cancelled = false;
  #interrupted = false;
  #ended = false;
  #failures: Failure[] | undefined;
  #scope: Scope | undefined;
  #publish: Publish<Messages> | undefined;
  #log: Logger | undefined;
  #ownId: string | undefined;

  /**
   * @param callerEndsAt when the caller gives up, on the clock of `performance.now()`; never for a cast or an event.
   * @param latest when the handler must be done, on the same clock.
   */
  constructor(
    host: Host,
    endpoint: Endpoint,
    headers: RequestHeaders,
    { input, meta }: { readonly input: unknown; readonly meta: unknown },
    trace: Trace | undefined,
    callerEndsAt: number,
    latest: number,
    letter?: HeldLetter,
  ) {
    this.#host = host;
    this.#endpoint = endpoint;
    this.input = input;
    this.meta = meta;
    this.#headers = headers;
    this.#trace = trace;
    this.#letter = letter;
    this.#callerEndsAt = callerEndsAt;
    this.#endsAt = Math.min(callerEndsAt, latest);
  }

  get address(): string {
    return this.#endpoint.address;
  }

  get kind(): Message["kind"] {
    return this.#endpoint.definition.kind;
  }

  get from(): string | undefined {
    return this.#headers.from;
  }

  get key(): string | undefined {
    return readKey(this.#headers.key);
  }

  /** Of the letter. A durable cast that came as a plain one, from a sender with an older contract, is not kept. */
  get id(): string {
    return this.#letter?.id ?? this.#unkeptId;
  }

  get attempt(): number {
    return this.#letter?.attempt ?? 1;
  }

  get sentAt(): number {
    return this.#letter?.sentAt ?? wallClock();
  }

  get sequence(): number {
    return this.#letter?.sequence ?? 0;
  }

  get bury(): never {
    return ((why: string) => new LetterDisposition({ kind: "buried", error: String(why) })) as never;
  }

  get later(): never {
    return ((delay: number) => new LetterDisposition({ kind: "later", delay: checkedDelay(delay) })) as never;
  }

  get #unkeptId(): string {
    this.#ownId ??= nonce() + nonce();
    return this.#ownId;
  }

  get remaining(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Whether the caller still waits for the answer. */
  get awaited(): boolean {
    return !this.#cancelled && isCall(this.#callerEndsAt) && performance.now() < this.#callerEndsAt;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  get fail(): never {
    return ((code: string, data?: unknown) => this.#fail(code, data)) as never;
  }

  /** A failure that the handler made and nobody looked at. */
  get unseenFailure(): Failure | undefined {
    return this.#failures?.find(isUnseen);
  }

  /** The handler is done: what it says from now on is too late. */
  end(): void {
    this.#ended = true;
  }

  refuse(text: string): never {
    throw new StepRefusal(text);
  }

  get log(): Logger {
    this.#log ??= this.#host.env.log.child(this.logged);
    return this.#log;
  }

  /** The fields of a log line about the message. */
  get logged(): Record<string, unknown> {
    const { address, from } = this;
    const letter = this.#letter?.id;
    return { address, from, ...(letter !== undefined && { letter }), ...traceIds(this.#trace) };
  }

  to<Target extends Mailbox | AnyClient>(target: Target, to?: Address): ClientOf<Target> {
    return address(this.#host.clients, this.#inScope(), target, to);
  }

  toAll<M extends Messages>(mailbox: Mailbox<string, M>, to?: WithMetadata): Everyone<M> {
    return everyone(this.#host.clients, this.#inScope(), mailbox, to);
  }

  get publish(): Publish<Messages> {
    const { clients, owned } = this.#host;
    this.#publish ??= owned === undefined ? {} : clients.publisher(owned, this.#inScope());
    return this.#publish;
  }

  /** Whether this service did not wait for the handler any longer. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** The handler exceeded its time, or its caller's. @param left what is left of its own time, in ms. */
  expire(left: number): void {
    const why = left > 0 ? `its caller gave up; it may run on for ${Math.ceil(left)} ms` : "the handler's time is over";
    this.#abort(new DOMException(`${this.address}: ${why}`, "TimeoutError"));
  }

  /** This service shuts down, and the handler had all the time that there is. */
  interrupt(): void {
    this.#interrupted = true;
    this.#abort(new DOMException(`${this.address}: this service is shutting down`, "AbortError"));
  }

  /** Another instance has the letter by now. */
  lose(): void {
    this.#abort(new DOMException(`${this.address}: its letter belongs to another instance by now`, "AbortError"));
  }

  /** The caller gave up. */
  cancel(): void {
    this.#cancelled = true;
    this.#abort(new DOMException(`${this.address}: the caller cancelled it`, "AbortError"));
  }

  #fail(code: string, data: unknown): Failure {
    const failure = new Failure(code, data);
    this.#failures ??= [];
    this.#failures.push(failure);
    const text = "a handler made a failure after it had answered";
    if (this.#ended) this.#host.crashes.error(`${this.address} late`, () => ({ code, ...this.logged }), text);
    return failure;
  }

  #inScope(): Scope {
    this.#scope ??= new Scope(this.#endsAt, [this.signal], this.#trace, true, this.#metadata);
    return this.#scope;
  }

  get #metadata(): Metadata | undefined {
    return this.#host.env.metadata.passedOn(this.#headers.meta);
  }

  #abort(reason: DOMException): void {
    this.#abortReason ??= reason;
    const controller = this.#controller;
    if (controller !== undefined) inCleanContext(() => controller.abort(reason));
  }
}

/** The caller of a call gives up some time. Nobody waits for a cast or an event. */
const isCall = (callerEndsAt: number): boolean => callerEndsAt !== Number.POSITIVE_INFINITY;

function checkedDelay(delay: unknown): number {
  const problem = rules.milliseconds(delay);
  if (problem !== undefined) throw new InvalidOptions("later()", [`its delay ${problem}`]);
  return delay as number;
}
