import type {
  CallDefinition,
  CastDefinition,
  ErrorCode,
  EventDefinition,
  HandlerInput,
  HandlerOutput,
  Mailbox,
  Messages,
  Schema,
} from "@muove/contract";
import { describe } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Context } from "./context.js";
import type { Failure } from "./failure.js";

type MaybePromise<T> = T | Promise<T>;

/** Answers a call: gives the output, or `ctx.fail(...)`. What it throws is logged, and the caller gets `faulty/crashed`. */
export type CallHandler<C extends CallDefinition, All extends Messages = Messages> = (
  input: HandlerInput<C>,
  ctx: Context<C, All>,
) => // biome-ignore lint/suspicious/noConfusingVoidType: a handler of a call without output gives nothing back.
MaybePromise<(C["output"] extends Schema ? HandlerOutput<C> : void) | Failure<ErrorCode<C>>>;

/** Takes a cast. What it throws is logged; nobody waits for it. */
export type CastHandler<C extends CastDefinition, All extends Messages = Messages> = (
  input: HandlerInput<C>,
  ctx: Context<C, All>,
) => MaybePromise<void>;

/** The context of a message's handler, for its helpers: `ContextOf<typeof orders, "place">`. */
export type ContextOf<B extends Mailbox, Name extends keyof B["messages"]> = Context<
  B["messages"][Name],
  B["messages"]
>;

/** A handler for every call and every cast of a mailbox. Its events are published, not handled. */
export type Handlers<M extends Messages> = {
  readonly [Name in keyof M as M[Name] extends EventDefinition ? never : Name]: M[Name] extends CallDefinition
    ? CallHandler<M[Name], M>
    : M[Name] extends CastDefinition
      ? CastHandler<M[Name], M>
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
  const handled = Object.keys(messages).filter((name) => messages[name]?.kind !== "event");
  const missing = handled.flatMap((name) => {
    const handler = (handlers as Record<string, unknown>)[name];
    return typeof handler === "function"
      ? []
      : [`${mailbox}.${name} needs a handler, a function, not ${describe(handler)}`];
  });
  // What is no function is state of the handlers' own.
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
  return `${describe(name)} is no message of ${mailbox}: those are ${handled.join(", ")}`;
}

/** Handlers may be methods of an object that use `this`. */
function bound(handlers: object, name: string): AnyHandler {
  const handler = (handlers as Record<string, AnyHandler>)[name] as AnyHandler;
  return (input, ctx) => handler.call(handlers, input, ctx);
}
