import type { CallDefinition, ErrorCode, ErrorData, Mailbox, Message, Messages } from "@muove/contract";
import type { Logger } from "pino";
import type { Address } from "../address/address.js";
import { performance } from "../base/timers.js";
import { Scope } from "../call/scope.js";
import type { AnyClient, Client, Everyone, Publish } from "../client/client.js";
import { address, everyone, type Sender } from "../client/sender.js";
import type { Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { Failure, isUnseen } from "./failure.js";
import type { Host } from "./host.js";

/** The context of an event's handler: information about the event, and a way to send on its behalf. */
export interface EventContext extends Sender {
  /** The mailbox and message, such as `pricing.quote`. */
  readonly address: string;
  /**
   * The sender: `<service>/<instance>`; `undefined` for other NATS clients. The sender claims it; it is not verified.
   */
  readonly from: string | undefined;
  /**
   * Aborts when the handler's time is over (see `handlerTimeout`), the caller gave up, or this service shuts down and
   * does not wait any longer. Pass it to everything that can be cancelled.
   */
  readonly signal: AbortSignal;
  /** The bus's log, with the message's address, sender and trace ids bound to it. */
  readonly log: Logger;
}

/** The context of a mailbox's handler: information about the message, and ways to answer and to send on its behalf. */
export interface Context<M extends Message = Message, All extends Messages = Messages> extends EventContext {
  /**
   * The time left for the handler (see `handlerTimeout`), or until the caller gives up, in ms; never less than 0.
   */
  readonly remaining: number;
  /**
   * Makes an error that the contract declares, for the handler to return or to throw: `return ctx.fail("SOLD_OUT", { … })`.
   * A handler that makes one and answers something else has crashed, unless it looked at it with `isFailure()`: a
   * forgotten `return` must not look like success.
   */
  readonly fail: M extends CallDefinition ? Fail<M> : never;
  /** Publishes the events of this mailbox, as part of the message's trace. */
  readonly publish: Publish<All>;
}

export type Fail<C extends CallDefinition> = <Code extends ErrorCode<C>>(
  code: Code,
  ...data: undefined extends ErrorData<C, Code> ? [data?: ErrorData<C, Code>] : [data: ErrorData<C, Code>]
) => Failure<Code>;

/** The context of one message. Creates everything costly on first use. */
export class MessageContext implements Context {
  readonly address: string;
  readonly from: string | undefined;
  readonly #host: Host;
  readonly #callerEndsAt: number;
  readonly #endsAt: number;
  readonly #trace: Trace | undefined;
  #controller: AbortController | undefined;
  #abortReason: DOMException | undefined;
  #cancelled = false;
  #interrupted = false;
  #ended = false;
  #failures: Failure[] | undefined;
  #scope: Scope | undefined;
  #publish: Publish<Messages> | undefined;
  #log: Logger | undefined;

  /**
   * @param callerEndsAt when the caller gives up, on the clock of `performance.now()`; never for a cast or an event.
   * @param latest when the handler must be done, on the same clock.
   */
  constructor(
    host: Host,
    address: string,
    from: string | undefined,
    trace: Trace | undefined,
    callerEndsAt: number,
    latest: number,
  ) {
    this.#host = host;
    this.address = address;
    this.from = from;
    this.#trace = trace;
    this.#callerEndsAt = callerEndsAt;
    this.#endsAt = Math.min(callerEndsAt, latest);
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

  get log(): Logger {
    this.#log ??= this.#host.env.log.child(this.logged);
    return this.#log;
  }

  /** The fields of a log line about the message. */
  get logged(): object {
    return { message: this.address, from: this.from, ...traceIds(this.#trace) };
  }

  to<M extends Messages>(mailbox: Mailbox<string, M>, to?: Address): Client<M>;
  to<C extends AnyClient>(client: C, to?: Address): C;
  to(target: Mailbox | AnyClient, to?: Address): AnyClient {
    return address(this.#host.clients, this.#inScope(), target, to);
  }

  toAll<M extends Messages>(mailbox: Mailbox<string, M>): Everyone<M> {
    return everyone(this.#host.clients, this.#inScope(), mailbox);
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
    this.#scope ??= new Scope(this.#endsAt, [this.signal], this.#trace, true);
    return this.#scope;
  }

  #abort(reason: DOMException): void {
    this.#abortReason ??= reason;
    this.#controller?.abort(reason);
  }
}

/** The caller of a call gives up some time. Nobody waits for a cast or an event. */
const isCall = (callerEndsAt: number): boolean => callerEndsAt !== Number.POSITIVE_INFINITY;
