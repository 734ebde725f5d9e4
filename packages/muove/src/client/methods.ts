import { isMuoveError } from "@muove/contract";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Call } from "../call/call.js";
import type { CallOptions } from "../call/call-options.js";
import { sendCall, sendKeyedCall, sendToAll, type ToAllOptions } from "../call/send-call.js";
import type { CallTarget } from "../call/target.js";
import type { CastOptions } from "../cast/casts.js";
import type { CastTarget } from "../cast/letter.js";
import { type FallbackStep, type None, none } from "../fallback/fallback.js";
import type { LetterOptions } from "../letters/letter-options.js";
import type { LetterTarget } from "../letters/letters.js";
import { isKept } from "../letters/streams.js";
import type { AnyClient } from "./client.js";
import { type ClientInternals, internalsOf } from "./internals.js";

/** Sends what a method was given. */
type Send = (
  internals: ClientInternals,
  input: unknown,
  options?: CallOptions | CastOptions | LetterOptions,
) => unknown;

/** A prototype with a method for each target. Each is made when it is first used, and needs no `this`. */
export function withMethods(
  targets: Iterable<CallTarget | CastTarget>,
  sender: (target: CallTarget | CastTarget) => Send,
): object {
  const prototype = Object.create(null) as object;
  for (const target of targets) defineMethod(prototype, target.message, sender(target));
  return prototype;
}

function defineMethod(prototype: object, name: string, send: Send): void {
  Object.defineProperty(prototype, name, {
    enumerable: true,
    get(this: AnyClient) {
      const own = internalsOf(this);
      const value = (input?: unknown, options?: CallOptions | CastOptions | LetterOptions): unknown => {
        try {
          return send(own, input, options);
        } catch (error) {
          throw withStackFrom(value, error);
        }
      };
      Object.defineProperty(this, name, { value, enumerable: true, writable: true, configurable: true });
      return value;
    },
  });
}

/** Makes the stack start at the caller's line, not in this file. */
function withStackFrom(method: (...args: never[]) => unknown, error: unknown): unknown {
  if (isMuoveError(error)) Error.captureStackTrace(error, method);
  return error;
}

export const senderOf = (target: CallTarget | CastTarget): Send =>
  isCall(target) ? callSender(target) : isKept(target.definition) ? letterSender(target) : castSender(target);

export const keyedSenderOf = (target: CallTarget | CastTarget): Send =>
  isCall(target) ? keyedCallSender(target) : isKept(target.definition) ? letterSender(target) : keyedCastSender(target);

export const everyoneSenderOf = (target: CallTarget | CastTarget): Send =>
  isCall(target) ? everyoneSender(target) : isKept(target.definition) ? letterSender(target) : castSender(target);

const isCall = (target: CallTarget | CastTarget): target is CallTarget => target.definition.kind === "call";

function callSender(target: CallTarget): Send {
  return ({ bus, scope, fallbacks }, input, options) => {
    const call = sendCall(bus.env, target, scope, input, options as CallOptions);
    return fallbacks === undefined ? call : applyFallbacks(call, target, fallbacks);
  };
}

function keyedCallSender(target: CallTarget): Send {
  return ({ bus, scope, mailbox, key = "", fallbacks }, input, options) => {
    const route = bus.route(mailbox, target, key);
    const call = sendKeyedCall(bus.env, target, key, route, scope, input, options as CallOptions);
    return fallbacks === undefined ? call : applyFallbacks(call, target, fallbacks);
  };
}

function everyoneSender(target: CallTarget): Send {
  return ({ bus, scope, mailbox }, input, options) =>
    sendToAll(bus.env, target, () => bus.watch(mailbox), scope, input, options as ToAllOptions);
}

function applyFallbacks(
  call: Call<unknown, unknown, unknown>,
  { message }: CallTarget,
  fallbacks: ReadonlyMap<string, readonly FallbackStep[] | None>,
): unknown {
  const chain = fallbacks.get(message);
  return chain === undefined || chain === none ? call : call.orElse(...(chain as readonly [unknown]));
}

/** A letter lies in the stream of its mailbox until an instance fetches it, so nobody can pick the instance. */
function letterSender(target: CastTarget | LetterTarget): Send {
  if ("plan" in target) {
    return ({ bus, scope }, input, options) => bus.letters.send(target, scope, input, options as LetterOptions);
  }
  return () => {
    const problem = "a durable cast goes to its mailbox, and any instance handles it: send it with bus.to(mailbox)";
    throw new InvalidOptions(`The address ${target.address}`, [problem]);
  };
}

function castSender(target: CastTarget): Send {
  return ({ bus, scope }, input, options) => bus.casts.send(target, scope, input, options as CastOptions);
}

function keyedCastSender(target: CastTarget): Send {
  return ({ bus, scope, mailbox, key = "" }, input, options) =>
    bus.casts.sendKeyed(target, key, bus.route(mailbox, target, key), scope, input, options as CastOptions);
}
