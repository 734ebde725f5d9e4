import type { CallDefinition, CastDefinition, Durable, ErrorData, Message, Messages } from "@muove/contract";
import type { GivenMetadata } from "../address/given-metadata.js";
import type { Logger } from "../base/logger.js";
import type { Publish } from "../client/client.js";
import type { Sender } from "../client/sender.js";
import type { Failure } from "./failure.js";
import type { LetterDisposition } from "./held-letter.js";

/** The context of an event's handler: information about the event, and a way to send on its behalf. */
export interface EventContext<Meta = unknown, Given = GivenMetadata<Meta>> extends Sender<Given> {
  /** The mailbox and message, such as `pricing.quote`. */
  readonly address: string;
  /**
   * The sender: `<service>/<instance>`; `undefined` for other NATS clients. The sender claims it; it is not verified.
   */
  readonly from: string | undefined;
  /**
   * The message's metadata, as the schema of this bus made it; `undefined` without one. The sender claims it; it is not
   * verified. What this context sends has it, too.
   */
  readonly meta: Meta;
  /**
   * Aborts when the handler's time is over (see `handlerTimeout`), the caller gave up, or this service shuts down and
   * does not wait any longer. Pass it to everything that can be cancelled.
   */
  readonly signal: AbortSignal;
  /** The bus's log, with the message's address, sender and trace ids bound to it. */
  readonly log: Logger;
}

/** The context of a mailbox's handler: information about the message, and ways to answer and to send on its behalf. */
export interface Context<
  M extends Message = Message,
  All extends Messages = Messages,
  Meta = unknown,
  Given = GivenMetadata<Meta>,
> extends EventContext<Meta, Given> {
  /**
   * The time left for the handler (see `handlerTimeout`), or until the caller gives up, in ms; never less than 0.
   */
  readonly remaining: number;
  /** The key that the message was sent by; `undefined` if it was sent otherwise. The sender chooses it. */
  readonly key: string | undefined;
  /**
   * Makes an error that the contract declares, for the handler to return or to throw: `return ctx.fail("SOLD_OUT", { … })`.
   * A handler that makes one and answers something else has crashed, unless it looked at it with `isFailure()`: a
   * forgotten `return` must not look like success.
   */
  readonly fail: M extends CallDefinition ? Fail<M> : never;
  /** Publishes the events of this mailbox, as part of the message's trace. */
  readonly publish: Publish<All>;
}

/** The context of a durable cast's handler: what is known of the letter, and what may become of it. */
export interface LetterContext<
  M extends CastDefinition = CastDefinition,
  All extends Messages = Messages,
  Meta = unknown,
  Given = GivenMetadata<Meta>,
> extends Context<M, All, Meta, Given> {
  /**
   * The letter's id: the one that its sender gave, or a new one. It never changes, however often the letter is tried or
   * sent again. For effects that must happen once, such as a payment: pass it on as the key of idempotence.
   */
  readonly id: string;
  /** Which try this is; the first is 1. A try counts when its handler threw, took too long, or was gone. */
  readonly attempt: number;
  /** When the letter was stored, in ms since the epoch, on the clock of the NATS server. */
  readonly sentAt: number;
  /** Its sequence in the stream; another one after each failure. */
  readonly sequence: number;
  /** Makes the letter a dead one at once, for this reason: `return ctx.bury("no address")`, or throw it. */
  bury(why: string): LetterDisposition;
  /** Puts the letter aside for at least `delay` ms: `return ctx.later(60_000)`, or throw it. It does not count as a try. */
  later(delay: number): LetterDisposition;
}

/** The context of a cast's handler. */
export type CastContext<C extends CastDefinition, All extends Messages, Meta, Given> = [C["durable"]] extends [Durable]
  ? LetterContext<C, All, Meta, Given>
  : Context<C, All, Meta, Given>;

export type Fail<C extends CallDefinition> = <Code extends keyof C["errors"] & string>(
  code: Code,
  ...data: undefined extends ErrorData<C, Code> ? [data?: ErrorData<C, Code>] : [data: ErrorData<C, Code>]
) => Failure<Code>;

/** What a step knows of a message, and how it may answer it. */
export interface StepContext<Meta = unknown, Given = GivenMetadata<Meta>> extends EventContext<Meta, Given> {
  readonly kind: Message["kind"];
  /** The input that the handler gets. */
  readonly input: unknown;
  /** The key that the message was sent by. */
  readonly key: string | undefined;
  /**
   * Refuses a message that has not been handled, by throwing: its sender gets `faulty/refused` with this text (256
   * characters at most), and `delivered: "no"`. After `next()` it is a crash.
   */
  refuse(text: string): never;
  /** Answers with an error that the contract of this message declares: `return ctx.fail("SOLD_OUT", { … })`. */
  fail(code: string, data?: unknown): Failure;
}
