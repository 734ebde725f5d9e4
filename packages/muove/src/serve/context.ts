import type { CallDefinition, ErrorCode, ErrorData, Mailbox, Message, Messages } from "@muove/contract";
import type { Logger } from "pino";
import type { Address } from "../address/address.js";
import { Scope } from "../call/scope.js";
import type { AnyClient, Client, Everyone, Publish } from "../client/client.js";
import { address, everyone, type Sender } from "../client/sender.js";
import type { Trace } from "../telemetry/trace.js";
import { traceIds } from "../telemetry/trace-ids.js";
import { Failure } from "./failure.js";
import type { Host } from "./host.js";

/** The context of an event's handler: information about the event, and a way to send on its behalf. */
export interface EventContext extends Sender {
  /** The mailbox and message, such as `pricing.quote`. */
  readonly address: string;
  /**
   * The sender: `<service>/<instance>`; `undefined` for other NATS clients. The sender claims it; it is not verified.
   */
  readonly from: string | undefined;
  /** Aborts when the handler's time is over, or the caller gave up. Pass it to everything that can be cancelled. */
  readonly signal: AbortSignal;
  /** The bus's log, with the message's address, sender and trace ids bound to it. */
  readonly log: Logger;
}

/** The context of a mailbox's handler: information about the message, and ways to answer and to send on its behalf. */
export interface Context<M extends Message = Message, All extends Messages = Messages> extends EventContext {
  /**
   * The time left for the handler, or until the caller gives up, in ms; never less than 0. For a cast it is infinite,
   * although its handler loses its slot when its time is over.
   */
  readonly remaining: number;
  /** Answers with an error that the contract declares: `return ctx.fail("SOLD_OUT", { … })`. */
  readonly fail: M extends CallDefinition ? Fail<M> : never;
  /** Publishes the events of this mailbox, as part of the message's trace. */
  readonly publish: Publish<All>;
}

export type Fail<C extends CallDefinition> = <Code extends ErrorCode<C>>(
  code: Code,
  ...data: undefined extends ErrorData<C, Code> ? [data?: ErrorData<C, Code>] : [data: ErrorData<C, Code>]
) => Failure<Code>;

/** Does not depend on the message, so all contexts share it. */
const fail = (code: string, data?: unknown): Failure => new Failure(code, data);

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
  #scope: Scope | undefined;
  #publish: Publish<Messages> | undefined;
  #log: Logger | undefined;

  /**
   * @param callerEndsAt when the caller gives up, on the clock of `performance.now()`; never for a cast or an event.
   * @param latest when a call's handler must be done, on the same clock.
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
    this.#endsAt = isOneWay(callerEndsAt) ? callerEndsAt : Math.min(callerEndsAt, latest);
  }

  get remaining(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Whether the caller still waits for the answer. */
  get awaited(): boolean {
    return !this.#cancelled && !isOneWay(this.#callerEndsAt) && performance.now() < this.#callerEndsAt;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  get fail(): never {
    return fail as never;
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

  /** The handler exceeded its time. */
  expire(): void {
    this.#abort(new DOMException(`${this.address}: the handler's time is over`, "TimeoutError"));
  }

  /** The caller gave up. */
  cancel(): void {
    this.#cancelled = true;
    this.#abort(new DOMException(`${this.address}: the caller cancelled it`, "AbortError"));
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

const isOneWay = (endsAt: number): boolean => endsAt === Number.POSITIVE_INFINITY;
