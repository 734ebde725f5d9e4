import {
  type CallDefinition,
  type CastDefinition,
  type DeclaredError,
  type EventDefinition,
  type Input,
  isMuoveError,
  type Mailbox,
  type Messages,
  type Output,
} from "@muove/contract";
import type { Call } from "../call/call.js";
import type { Scope } from "../call/scope.js";
import { type CallOptions, sendCall } from "../call/send-call.js";
import type { CallTarget } from "../call/target.js";
import type { CastOptions, Casts } from "../cast/casts.js";
import type { CastTarget } from "../cast/letter.js";
import type { Receipt } from "../cast/receipt.js";
import type { Core } from "../core/core.js";
import { type FallbackChain, type FallbackStep, type None, none } from "../fallback/fallback.js";
import type { Target } from "../wire/outgoing.js";
import { cancelSubject, eventSubject, messageSubject } from "../wire/subjects.js";

/** How a call is made: its input first, where it has one. See {@link Call} for what comes back. */
export type CallMethod<C extends CallDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: CallOptions) => Call<Input<C>, Output<C>, DeclaredError<C>>
    : (input: Input<C>, options?: CallOptions) => Call<Input<C>, Output<C>, DeclaredError<C>>;

/** How a cast is made, and an event published. It needs no `await` and never throws for the world's sake. */
export type CastMethod<C extends CastDefinition | EventDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: CastOptions) => Receipt
    : (input: Input<C>, options?: CastOptions) => Receipt;

/** A mailbox to write to: a method per call and per cast. */
export type Client<M extends Messages> = {
  readonly [Name in keyof M as M[Name] extends EventDefinition ? never : Name]: M[Name] extends CallDefinition
    ? CallMethod<M[Name]>
    : M[Name] extends CastDefinition
      ? CastMethod<M[Name]>
      : never;
} & { readonly [inside]: Inside<M> };

/** What a mailbox's owner publishes with: a method per event. */
export type Publish<M extends Messages> = {
  readonly [Name in keyof M as M[Name] extends EventDefinition ? Name : never]: M[Name] extends EventDefinition
    ? CastMethod<M[Name]>
    : never;
};

/** What a client is made of; not enumerable. */
export const inside: unique symbol = Symbol("muove.client");

export interface Inside<M extends Messages = Messages> {
  readonly core: Core;
  readonly casts: Casts;
  readonly scope: Scope;
  readonly mailbox: Mailbox<string, M>;
  /** By the name of the call; see withFallback. */
  readonly fallbacks?: ReadonlyMap<string, readonly FallbackStep[] | None>;
}

/** Any client, its mailbox forgotten. */
export interface AnyClient {
  readonly [inside]: Inside;
}

/**
 * Makes clients of one bus. A handler gets new ones per message, so a client costs one small object: its methods are made
 * when they are first used, from what all clients of the mailbox share.
 */
export class Clients {
  readonly #core: Core;
  readonly #casts: Casts;
  readonly #prototypes = new WeakMap<Mailbox, object>();
  readonly #publishers = new WeakMap<Mailbox, object>();

  constructor(core: Core, casts: Casts) {
    this.#core = core;
    this.#casts = casts;
  }

  to(mailbox: Mailbox, scope: Scope): AnyClient {
    return create(this.#prototypeOf(mailbox), { core: this.#core, casts: this.#casts, scope, mailbox });
  }

  /** For the owner of a mailbox. */
  publisher(mailbox: Mailbox, scope: Scope): Publish<Messages> {
    return create(this.#publisherOf(mailbox), { core: this.#core, casts: this.#casts, scope, mailbox });
  }

  #prototypeOf(mailbox: Mailbox): object {
    return remembered(this.#prototypes, mailbox, () => withMethods(sendersOf(mailbox, this.#core)));
  }

  #publisherOf(mailbox: Mailbox): object {
    return remembered(this.#publishers, mailbox, () => withMethods(publishersOf(mailbox, this.#core)));
  }
}

/** A client like another one, but for what is given here. */
export function derive(client: AnyClient, changes: Partial<Inside>): AnyClient {
  return create(Object.getPrototypeOf(client) as object, { ...client[inside], ...changes });
}

/** Whether a value is a client, as opposed to a mailbox. */
export function isClient(value: object): value is AnyClient {
  return inside in value;
}

function create(prototype: object, value: Inside): AnyClient {
  return Object.defineProperty(Object.create(prototype), inside, { value }) as AnyClient;
}

type Send = (inside: Inside, input: unknown, options?: CallOptions | CastOptions) => unknown;

function remembered(prototypes: WeakMap<Mailbox, object>, mailbox: Mailbox, make: () => object): object {
  const prototype = prototypes.get(mailbox) ?? make();
  prototypes.set(mailbox, prototype);
  return prototype;
}

function withMethods(senders: Iterable<[string, Send]>): object {
  const prototype = Object.create(null) as object;
  for (const [name, send] of senders) defineMethod(prototype, name, send);
  return prototype;
}

function defineMethod(prototype: object, name: string, send: Send): void {
  Object.defineProperty(prototype, name, {
    enumerable: true,
    get(this: AnyClient) {
      const own = this[inside];
      const value = (input?: unknown, options?: CallOptions | CastOptions): unknown => {
        try {
          return send(own, input, options);
        } catch (error) {
          throw pointedAt(value, error);
        }
      };
      Object.defineProperty(this, name, { value, enumerable: true, writable: true, configurable: true });
      return value;
    },
  });
}

/** A mistake's stack starts at the line that made it, not in here. */
function pointedAt(method: (...args: never[]) => unknown, error: unknown): unknown {
  if (isMuoveError(error)) Error.captureStackTrace(error, method);
  return error;
}

function* sendersOf({ name: mailbox, messages }: Mailbox, { prefix, peers }: Core): Generator<[string, Send]> {
  const cancels = cancelSubject(prefix, mailbox);
  for (const [message, definition] of Object.entries(messages)) {
    const address = `${mailbox}.${message}`;
    const subject = messageSubject(prefix, mailbox, message);
    const target: Target = { mailbox, message, address, subject, input: definition.input };
    if (definition.kind === "cast") yield [message, castSender({ ...target, definition })];
    if (definition.kind === "call")
      yield [message, callSender({ ...target, definition, cancelSubject: cancels, peer: peers.of(address) })];
  }
}

function* publishersOf({ name: mailbox, messages }: Mailbox, { prefix }: Core): Generator<[string, Send]> {
  for (const [message, definition] of Object.entries(messages)) {
    if (definition.kind !== "event") continue;
    const address = `${mailbox}.${message}`;
    const subject = eventSubject(prefix, mailbox, message);
    yield [message, castSender({ mailbox, message, address, subject, input: definition.input, definition })];
  }
}

function callSender(target: CallTarget): Send {
  return ({ core, scope, fallbacks }, input, options) => {
    const call = sendCall(core, target, scope, input, options as CallOptions);
    const chain = fallbacks?.get(target.message);
    return chain === undefined || chain === none ? call : call.orElse(...(chain as FallbackChain<unknown, unknown>));
  };
}

function castSender(target: CastTarget): Send {
  return ({ casts, scope }, input, options) => casts.send(target, scope, input, options as CastOptions);
}
