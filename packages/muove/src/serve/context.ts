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

/** What the handler of an event knows of what it handles, and what it can do on its behalf. */
export interface EventContext extends Sender {
  /** The mailbox and message, such as `pricing.quote`. */
  readonly address: string;
  /** Who sent it: `<service>/<instance>`; `undefined` for a sender that is not Muove's. It is what the sender says, no proof. */
  readonly from: string | undefined;
  /** Aborts when its time is over, or the caller of a call has given up. Pass it on to whatever can be cancelled. */
  readonly signal: AbortSignal;
  /** The bus's log, with the message bound to it: its address, its sender, and the ids of the trace that it came with. */
  readonly log: Logger;
}

/** What a mailbox's handler knows of the message that it handles, and what it can do on its behalf. */
export interface Context<M extends Message = Message, All extends Messages = Messages> extends EventContext {
  /** What is left of its handler's time, or until the caller gives up, in ms; never less than 0. For a cast: without end, though its handler loses its slot when its time is over. */
  readonly remaining: number;
  /** Answers with an error that the contract declares: `return ctx.fail("SOLD_OUT", { … })`. */
  readonly fail: M extends CallDefinition ? Fail<M> : never;
  /** Publishes the events of the mailbox that the message came to, as part of the message's trace. */
  readonly publish: Publish<All>;
}

export type Fail<C extends CallDefinition> = <Code extends ErrorCode<C>>(
  code: Code,
  ...data: undefined extends ErrorData<C, Code> ? [data?: ErrorData<C, Code>] : [data: ErrorData<C, Code>]
) => Failure<Code>;

/** It knows nothing of the message, so one is enough for all of them. */
const fail = (code: string, data?: unknown): Failure => new Failure(code, data);

/** The context of one message. What costs something is made when it is first asked for. */
export class MessageContext implements Context {
  readonly address: string;
  readonly from: string | undefined;
  readonly #host: Host;
  readonly #callerEndsAt: number;
  readonly #endsAt: number;
  readonly #trace: Trace | undefined;
  #controller: AbortController | undefined;
  #ended: DOMException | undefined;
  #cancelled = false;
  #scope: Scope | undefined;
  #publish: Publish<Messages> | undefined;
  #log: Logger | undefined;

  /**
   * @param callerEndsAt when the caller gives up, on the clock of `performance.now()`; never for a cast or an event.
   * @param latest when the time of a call's handler is over, on the same clock.
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

  /** Whether somebody waits for the answer. */
  get awaited(): boolean {
    return !this.#cancelled && !isOneWay(this.#callerEndsAt) && performance.now() < this.#callerEndsAt;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#ended !== undefined) this.#controller.abort(this.#ended);
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

  /** What a line of the log says of the message. */
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

  /** The handler has outlived its time. */
  expire(): void {
    this.#abort(new DOMException(`${this.address}: its time is over`, "TimeoutError"));
  }

  /** The caller gave up before. */
  cancel(): void {
    this.#cancelled = true;
    this.#abort(new DOMException(`${this.address}: its caller cancelled it`, "AbortError"));
  }

  #inScope(): Scope {
    this.#scope ??= new Scope(this.#endsAt, [this.signal], this.#trace, true);
    return this.#scope;
  }

  #abort(reason: DOMException): void {
    this.#ended ??= reason;
    this.#controller?.abort(reason);
  }
}

const isOneWay = (endsAt: number): boolean => endsAt === Number.POSITIVE_INFINITY;
