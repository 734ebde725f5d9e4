import type {
  CallDefinition,
  CastDefinition,
  ErrorCode,
  HandlerInput,
  HandlerOutput,
  Mailbox,
  Messages,
  Schema,
} from "@muove/contract";
import { describe } from "@muove/contract/internal";
import { InvalidOptions } from "../core/invalid-options.js";
import type { Context } from "./context.js";
import type { Failure } from "./failure.js";

type MaybePromise<T> = T | Promise<T>;

/** Answers a call: gives the output, or `ctx.fail(...)`. What it throws is logged, and the caller gets `faulty/crashed`. */
export type CallHandler<C extends CallDefinition> = (
  input: HandlerInput<C>,
  ctx: Context<C>,
) => // biome-ignore lint/suspicious/noConfusingVoidType: a handler of a call without output gives nothing back.
MaybePromise<(C["output"] extends Schema ? HandlerOutput<C> : void) | Failure<ErrorCode<C>>>;

/** Takes a cast. What it throws is logged; nobody waits for it. */
export type CastHandler<C extends CastDefinition> = (input: HandlerInput<C>, ctx: Context<C>) => MaybePromise<void>;

/** The context of a message's handler, for its helpers: `ContextOf<typeof orders, "place">`. */
export type ContextOf<B extends Mailbox, Name extends keyof B["messages"]> = Context<B["messages"][Name]>;

/** A handler for every message of a mailbox. */
export type Handlers<M extends Messages> = {
  readonly [Name in keyof M]: M[Name] extends CallDefinition
    ? CallHandler<M[Name]>
    : M[Name] extends CastDefinition
      ? CastHandler<M[Name]>
      : never;
};

/** Any handler, its types forgotten. */
export type AnyHandler = (input: unknown, ctx: unknown) => unknown;

/**
 * The handlers by message, checked.
 *
 * @throws InvalidOptions naming every message that has none and every handler that has no message.
 */
export function checkedHandlers({ name: mailbox, messages }: Mailbox, handlers: object): Map<string, AnyHandler> {
  if (typeof handlers !== "object" || handlers === null) {
    throw new InvalidOptions(`The handlers of ${mailbox}`, [`they must be an object, not ${describe(handlers)}`]);
  }
  const missing = Object.keys(messages).flatMap((name) => {
    const handler = (handlers as Record<string, unknown>)[name];
    return typeof handler === "function"
      ? []
      : [`${mailbox}.${name} needs a handler, a function, not ${describe(handler)}`];
  });
  // What is no function is state of the handlers' own.
  const unknown = Object.entries(handlers)
    .filter(([name, value]) => typeof value === "function" && !Object.hasOwn(messages, name))
    .map(([name]) => `${describe(name)} is no message of ${mailbox}: those are ${Object.keys(messages).join(", ")}`);
  const problems = [...missing, ...unknown];
  if (problems.length > 0) throw new InvalidOptions(`The handlers of ${mailbox}`, problems);
  return new Map(Object.keys(messages).map((name) => [name, bound(handlers, name)]));
}

/** Handlers may be methods of an object that use `this`. */
function bound(handlers: object, name: string): AnyHandler {
  const handler = (handlers as Record<string, AnyHandler>)[name] as AnyHandler;
  return (input, ctx) => handler.call(handlers, input, ctx);
}
