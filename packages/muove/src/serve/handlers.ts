import type {
  CallDefinition,
  CastDefinition,
  Durable,
  ErrorCode,
  HandlerInput,
  HandlerOutput,
  Mailbox,
  Messages,
  Schema,
} from "@muove/contract";
import { describe } from "@muove/contract/internal";
import type { GivenMetadata } from "../address/given-metadata.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { SentNames } from "../client/client.js";
import type { Failure } from "./failure.js";
import type { CastContext, Context } from "./handler-context.js";
import type { LetterDisposition } from "./held-letter.js";

type MaybePromise<T> = T | Promise<T>;

/**
 * Answers a call: returns the output, or returns or throws `ctx.fail(...)`. If it throws anything else, the error is
 * logged and the caller gets `faulty/crashed`.
 */
export type CallHandler<
  C extends CallDefinition,
  All extends Messages = Messages,
  Meta = unknown,
  Given = GivenMetadata<Meta>,
> = (
  input: HandlerInput<C>,
  ctx: Context<C, All, Meta, Given>,
) => // biome-ignore lint/suspicious/noConfusingVoidType: the handler of a call without output returns nothing.
MaybePromise<(C["output"] extends Schema ? HandlerOutput<C> : void) | Failure<ErrorCode<C>>>;

/** Handles a cast. If it throws, the error is logged, and a durable one is tried again. */
export type CastHandler<
  C extends CastDefinition,
  All extends Messages = Messages,
  Meta = unknown,
  Given = GivenMetadata<Meta>,
> = (
  input: HandlerInput<C>,
  ctx: CastContext<C, All, Meta, Given>,
) => // biome-ignore lint/suspicious/noConfusingVoidType: the handler of a cast returns nothing.
MaybePromise<[C["durable"]] extends [Durable] ? void | LetterDisposition : void>;

/** The context of a message's handler, for its helper functions: `ContextOf<typeof orders, "place">`. */
export type ContextOf<
  B extends Mailbox,
  Name extends keyof B["messages"],
  Meta = unknown,
> = B["messages"][Name] extends CastDefinition
  ? CastContext<B["messages"][Name], B["messages"], Meta, GivenMetadata<Meta>>
  : Context<B["messages"][Name], B["messages"], Meta>;

/** A handler for every call and every cast of a mailbox. Its events are published, not handled. */
export type Handlers<M extends Messages, Meta = unknown, Given = GivenMetadata<Meta>> = HandlersOf<
  M,
  SentNames<M>,
  Meta,
  Given
>;

type HandlersOf<M extends Messages, Names extends keyof M, Meta, Given> = {
  readonly [Name in Names]: M[Name] extends CallDefinition
    ? CallHandler<M[Name], M, Meta, Given>
    : M[Name] extends CastDefinition
      ? CastHandler<M[Name], M, Meta, Given>
      : never;
};

/** A handler of any message. */
export type AnyHandler = (input: unknown, ctx: unknown) => unknown;

/**
 * Checks the handlers and returns them by message.
 *
 * @throws InvalidOptions listing every message without a handler and every handler without a message.
 */
export function checkedHandlers({ name: mailbox, messages }: Mailbox, handlers: object): Map<string, AnyHandler> {
  if (typeof handlers !== "object" || handlers === null) {
    throw new InvalidOptions(`The handlers of ${mailbox}`, [`they must be an object, not ${describe(handlers)}`]);
  }
  const handled = Object.keys(messages).filter((name) => messages[name]?.kind !== "event");
  const missing = handled.flatMap((name) => {
    const handler = (handlers as Record<string, unknown>)[name];
    return typeof handler === "function"
      ? []
      : [`${mailbox}.${name} needs a handler, a function, not ${describe(handler)}`];
  });
  // A property that is not a function is the object's own state.
  const unknown = Object.entries(handlers)
    .filter(([name, value]) => typeof value === "function" && !handled.includes(name))
    .map(([name]) => unknownProblem(mailbox, handled, name, Object.hasOwn(messages, name)));
  const problems = [...missing, ...unknown];
  if (problems.length > 0) throw new InvalidOptions(`The handlers of ${mailbox}`, problems);
  return new Map(handled.map((name) => [name, bound(handlers, name)]));
}

function unknownProblem(mailbox: string, handled: readonly string[], name: string, isEvent: boolean): string {
  if (isEvent) return `${mailbox}.${name} is an event: its owner publishes it, and bus.on() listens to it`;
  if (handled.length === 0) return `${mailbox} has events only, so it needs no handler ${describe(name)}`;
  return `${describe(name)} is not a message of ${mailbox}: its messages are ${handled.join(", ")}`;
}

/** Handlers may be methods of an object that use `this`. */
function bound(handlers: object, name: string): AnyHandler {
  const handler = (handlers as Record<string, AnyHandler>)[name] as AnyHandler;
  return (input, ctx) => handler.call(handlers, input, ctx);
}
