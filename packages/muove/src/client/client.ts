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
import type { ResolvedAddress } from "../address/address.js";
import { LruMap } from "../base/lru-map.js";
import type { InstanceOutcome } from "../call/broadcast.js";
import type { Call } from "../call/call.js";
import type { CallOptions } from "../call/call-options.js";
import type { Scope } from "../call/scope.js";
import { sendCall, sendKeyedCall, sendToAll, type ToAllOptions } from "../call/send-call.js";
import type { CallTarget } from "../call/target.js";
import type { CastOptions, Casts } from "../cast/casts.js";
import type { CastTarget } from "../cast/letter.js";
import type { Receipt } from "../cast/receipt.js";
import { type FallbackChain, type FallbackStep, type None, none } from "../fallback/fallback.js";
import { KeyRoute } from "../presence/key-route.js";
import type { Watch } from "../presence/watch.js";
import type { Watches } from "../presence/watches.js";
import type { ClientEnvironment } from "./client-environment.js";
import { eventTargets, targetsOf } from "./targets.js";

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

/** How everyone is called; see {@link Everyone}. */
export type ToAllMethod<C extends CallDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: ToAllOptions) => AsyncIterable<InstanceOutcome<Output<C>, DeclaredError<C>>>
    : (input: Input<C>, options?: ToAllOptions) => AsyncIterable<InstanceOutcome<Output<C>, DeclaredError<C>>>;

/**
 * All instances of a mailbox, to write to: a method per call and per cast.
 *
 * A call is sent when it is made, and gives an outcome for every instance, as they come: for each that is known to be there,
 * and others that answer. It ends when all that are known have answered, else at the deadline, when those that have not are
 * timeouts. When nobody is there, or it cannot be sent, there is one outcome that is nobody's. Leaving the loop early cancels
 * what is not done yet. It is to be iterated once.
 */
export type Everyone<M extends Messages> = {
  readonly [Name in keyof M as M[Name] extends EventDefinition ? never : Name]: M[Name] extends CallDefinition
    ? ToAllMethod<M[Name]>
    : M[Name] extends CastDefinition
      ? CastMethod<M[Name]>
      : never;
};

/** What a mailbox's owner publishes with: a method per event. */
export type Publish<M extends Messages> = {
  readonly [Name in keyof M as M[Name] extends EventDefinition ? Name : never]: M[Name] extends EventDefinition
    ? CastMethod<M[Name]>
    : never;
};

/** What a client is made of; not enumerable. */
export const inside: unique symbol = Symbol("muove.client");

export interface Inside<M extends Messages = Messages> {
  readonly clients: Clients;
  readonly scope: Scope;
  readonly mailbox: Mailbox<string, M>;
  /** Where it is written to by key. */
  readonly key?: string;
  /** By the name of the call; see withFallback. */
  readonly fallbacks?: ReadonlyMap<string, readonly FallbackStep[] | None>;
}

/** How many addresses of a mailbox are kept, the most recently used ones: making one anew costs a few objects per message. */
const mostAddresses = 1_024;

/** What can be written to, by message. */
type Targets = ReadonlyMap<string, CallTarget | CastTarget>;

interface Addressed {
  readonly targets: Targets;
  readonly prototype: object;
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
  readonly core: ClientEnvironment;
  readonly casts: Casts;
  readonly #watches: Watches;
  readonly #prototypes = new WeakMap<Mailbox, object>();
  readonly #keyed = new WeakMap<Mailbox, object>();
  readonly #everyone = new WeakMap<Mailbox, object>();
  readonly #addressed = new WeakMap<Mailbox, LruMap<Addressed>>();
  readonly #publishers = new WeakMap<Mailbox, object>();

  constructor(core: ClientEnvironment, casts: Casts, watches: Watches) {
    this.core = core;
    this.casts = casts;
    this.#watches = watches;
  }

  /** @param place whom of those who serve it; any of them where it is left out. */
  to(mailbox: Mailbox, scope: Scope, place?: ResolvedAddress): AnyClient {
    if (place === undefined) return create(this.#prototypeOf(mailbox), { clients: this, scope, mailbox });
    if (place.kind !== "key") return create(this.#at(mailbox, place).prototype, { clients: this, scope, mailbox });
    return create(this.#keyedPrototypeOf(mailbox), { clients: this, scope, mailbox, key: place.name });
  }

  /** All who serve it. */
  toAll(mailbox: Mailbox, scope: Scope): object {
    const targets = (): Iterable<CallTarget | CastTarget> =>
      targetsOf(this.core, mailbox, { kind: "everyone", name: "" });
    const prototype = remembered(this.#everyone, mailbox, () => withMethods(targets(), everyoneSenderOf));
    return create(prototype, { clients: this, scope, mailbox });
  }

  watch({ name }: Mailbox): Watch {
    return this.#watches.of(name);
  }

  /** The way of a message to whoever is responsible for a key. */
  route<T extends CallTarget | CastTarget>(mailbox: Mailbox, { message }: T, key: string): KeyRoute<T> {
    const watch = (): Watch => this.watch(mailbox);
    // A message is of one kind at every address.
    const locate = (name: string): T => this.#at(mailbox, { kind: "instance", name }).targets.get(message) as T;
    return new KeyRoute(watch, key, locate);
  }

  /** For the owner of a mailbox. */
  publisher(mailbox: Mailbox, scope: Scope): Publish<Messages> {
    return create(this.#publisherOf(mailbox), { clients: this, scope, mailbox });
  }

  #prototypeOf(mailbox: Mailbox): object {
    return remembered(this.#prototypes, mailbox, () => withMethods(targetsOf(this.core, mailbox), senderOf));
  }

  #keyedPrototypeOf(mailbox: Mailbox): object {
    const targets = (): Iterable<CallTarget | CastTarget> => targetsOf(this.core, mailbox, { kind: "key", name: "" });
    return remembered(this.#keyed, mailbox, () => withMethods(targets(), keyedSenderOf));
  }

  #at(mailbox: Mailbox, place: ResolvedAddress): Addressed {
    const addresses = remembered(this.#addressed, mailbox, () => new LruMap<Addressed>(mostAddresses));
    return addresses.of(`${place.kind} ${place.name}`, () => {
      const targets = [...targetsOf(this.core, mailbox, place)];
      const byMessage = new Map(targets.map((target) => [target.message, target]));
      return { targets: byMessage, prototype: withMethods(targets, senderOf) };
    });
  }

  #publisherOf(mailbox: Mailbox): object {
    return remembered(this.#publishers, mailbox, () => withMethods(eventTargets(this.core, mailbox), senderOf));
  }
}

/** A client like another one, at another address of the same mailbox. */
export function readdress(client: AnyClient, scope: Scope, place: ResolvedAddress): AnyClient {
  const { clients, mailbox, fallbacks } = client[inside];
  const readdressed = clients.to(mailbox, scope, place);
  return fallbacks === undefined ? readdressed : derive(readdressed, { fallbacks });
}

/** A client like another one, but for what is given here. */
export function derive(client: AnyClient, changes: Partial<Pick<Inside, "scope" | "fallbacks">>): AnyClient {
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

function remembered<T>(known: WeakMap<Mailbox, T>, mailbox: Mailbox, make: () => T): T {
  const value = known.get(mailbox) ?? make();
  known.set(mailbox, value);
  return value;
}

function withMethods(
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

const senderOf = (target: CallTarget | CastTarget): Send => (isCall(target) ? callSender(target) : castSender(target));

const keyedSenderOf = (target: CallTarget | CastTarget): Send =>
  isCall(target) ? keyedCallSender(target) : keyedCastSender(target);

const everyoneSenderOf = (target: CallTarget | CastTarget): Send =>
  isCall(target) ? everyoneSender(target) : castSender(target);

const isCall = (target: CallTarget | CastTarget): target is CallTarget => target.definition.kind === "call";

function callSender(target: CallTarget): Send {
  return ({ clients, scope, fallbacks }, input, options) => {
    const call = sendCall(clients.core, target, scope, input, options as CallOptions);
    return fallbacks === undefined ? call : fallingBack(call, target, fallbacks);
  };
}

function keyedCallSender(target: CallTarget): Send {
  return ({ clients, scope, mailbox, key = "", fallbacks }, input, options) => {
    const route = clients.route(mailbox, target, key);
    const call = sendKeyedCall(clients.core, target, key, route, scope, input, options as CallOptions);
    return fallbacks === undefined ? call : fallingBack(call, target, fallbacks);
  };
}

function everyoneSender(target: CallTarget): Send {
  return ({ clients, scope, mailbox }, input, options) =>
    sendToAll(clients.core, target, () => clients.watch(mailbox), scope, input, options as ToAllOptions);
}

function fallingBack(
  call: Call<unknown, unknown, unknown>,
  { message }: CallTarget,
  fallbacks: ReadonlyMap<string, readonly FallbackStep[] | None>,
): unknown {
  const chain = fallbacks.get(message);
  return chain === undefined || chain === none ? call : call.orElse(...(chain as FallbackChain<unknown, unknown>));
}

function castSender(target: CastTarget): Send {
  return ({ clients, scope }, input, options) => clients.casts.send(target, scope, input, options as CastOptions);
}

function keyedCastSender(target: CastTarget): Send {
  return ({ clients, scope, mailbox, key = "" }, input, options) =>
    clients.casts.sendKeyed(target, clients.route(mailbox, target, key), scope, input, options as CastOptions);
}
