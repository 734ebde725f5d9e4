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

/** The method of a call: takes its input, if it has one, and options. See {@link Call} for the result. */
export type CallMethod<C extends CallDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: CallOptions) => Call<Input<C>, Output<C>, DeclaredError<C>>
    : (input: Input<C>, options?: CallOptions) => Call<Input<C>, Output<C>, DeclaredError<C>>;

/**
 * The method of a cast or an event. It needs no `await`, and never throws because of the network or another service.
 */
export type CastMethod<C extends CastDefinition | EventDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: CastOptions) => Receipt
    : (input: Input<C>, options?: CastOptions) => Receipt;

/** A client of a mailbox: a method per call and per cast. */
export type Client<M extends Messages> = {
  readonly [Name in keyof M as M[Name] extends EventDefinition ? never : Name]: M[Name] extends CallDefinition
    ? CallMethod<M[Name]>
    : M[Name] extends CastDefinition
      ? CastMethod<M[Name]>
      : never;
} & { readonly [internals]: ClientInternals<M> };

/** The method of a call to everyone; see {@link Everyone}. */
export type ToAllMethod<C extends CallDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: ToAllOptions) => AsyncIterable<InstanceOutcome<Output<C>, DeclaredError<C>>>
    : (input: Input<C>, options?: ToAllOptions) => AsyncIterable<InstanceOutcome<Output<C>, DeclaredError<C>>>;

/**
 * A client of all instances of a mailbox: a method per call and per cast.
 *
 * A call is sent at once, and yields an outcome per instance as the replies come: one for each known instance, and for
 * others that reply. It ends when all known instances have replied, or at the deadline, when the others time out. If
 * there is no instance, or the call cannot be sent, it yields one outcome without an instance. Leaving the loop early
 * cancels the call. Iterate it once.
 */
export type Everyone<M extends Messages> = {
  readonly [Name in keyof M as M[Name] extends EventDefinition ? never : Name]: M[Name] extends CallDefinition
    ? ToAllMethod<M[Name]>
    : M[Name] extends CastDefinition
      ? CastMethod<M[Name]>
      : never;
};

/** How the owner of a mailbox publishes: a method per event. */
export type Publish<M extends Messages> = {
  readonly [Name in keyof M as M[Name] extends EventDefinition ? Name : never]: M[Name] extends EventDefinition
    ? CastMethod<M[Name]>
    : never;
};

/** The key of a client's internals; not enumerable. */
export const internals: unique symbol = Symbol("muove.client");

export interface ClientInternals<M extends Messages = Messages> {
  readonly clients: Clients;
  readonly scope: Scope;
  readonly mailbox: Mailbox<string, M>;
  /** For a client by key. */
  readonly key?: string;
  /** By call name; see withFallback. */
  readonly fallbacks?: ReadonlyMap<string, readonly FallbackStep[] | None>;
}

/** How many addresses of a mailbox are cached; making one costs a few objects per message. */
const maxAddresses = 1_024;

/** By message. */
type Targets = ReadonlyMap<string, CallTarget | CastTarget>;

interface Addressed {
  readonly targets: Targets;
  readonly prototype: object;
}

/** A client of any mailbox. */
export interface AnyClient {
  readonly [internals]: ClientInternals;
}

/**
 * Makes the clients of a bus. Handlers make new ones for every message, so a client costs one small object: it creates
 * its methods on first use, and shares the rest with all clients of the mailbox.
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

  /** @param to the address. Default: any instance. */
  to(mailbox: Mailbox, scope: Scope, to?: ResolvedAddress): AnyClient {
    if (to === undefined) return create(this.#prototypeOf(mailbox), { clients: this, scope, mailbox });
    if (to.kind !== "key") return create(this.#at(mailbox, to).prototype, { clients: this, scope, mailbox });
    return create(this.#keyedPrototypeOf(mailbox), { clients: this, scope, mailbox, key: to.name });
  }

  /** A client of all instances. */
  toAll(mailbox: Mailbox, scope: Scope): object {
    const targets = (): Iterable<CallTarget | CastTarget> =>
      targetsOf(this.core, mailbox, { kind: "everyone", name: "" });
    const prototype = cached(this.#everyone, mailbox, () => withMethods(targets(), everyoneSenderOf));
    return create(prototype, { clients: this, scope, mailbox });
  }

  watch({ name }: Mailbox): Watch {
    return this.#watches.of(name);
  }

  /** The route of a message to the instance that is responsible for a key. */
  route<T extends CallTarget | CastTarget>(mailbox: Mailbox, { message }: T, key: string): KeyRoute<T> {
    const watch = (): Watch => this.watch(mailbox);
    // A message has the same kind at every address, so the cast is safe.
    const locate = (name: string): T => this.#at(mailbox, { kind: "instance", name }).targets.get(message) as T;
    return new KeyRoute(watch, key, locate);
  }

  /** What the owner of a mailbox publishes with. */
  publisher(mailbox: Mailbox, scope: Scope): Publish<Messages> {
    return create(this.#publisherOf(mailbox), { clients: this, scope, mailbox });
  }

  #prototypeOf(mailbox: Mailbox): object {
    return cached(this.#prototypes, mailbox, () => withMethods(targetsOf(this.core, mailbox), senderOf));
  }

  #keyedPrototypeOf(mailbox: Mailbox): object {
    const targets = (): Iterable<CallTarget | CastTarget> => targetsOf(this.core, mailbox, { kind: "key", name: "" });
    return cached(this.#keyed, mailbox, () => withMethods(targets(), keyedSenderOf));
  }

  #at(mailbox: Mailbox, to: ResolvedAddress): Addressed {
    const addresses = cached(this.#addressed, mailbox, () => new LruMap<Addressed>(maxAddresses));
    return addresses.of(`${to.kind} ${to.name}`, () => {
      const targets = [...targetsOf(this.core, mailbox, to)];
      const byMessage = new Map(targets.map((target) => [target.message, target]));
      return { targets: byMessage, prototype: withMethods(targets, senderOf) };
    });
  }

  #publisherOf(mailbox: Mailbox): object {
    return cached(this.#publishers, mailbox, () => withMethods(eventTargets(this.core, mailbox), senderOf));
  }
}

/** The same client at another address of its mailbox. */
export function readdress(client: AnyClient, scope: Scope, to: ResolvedAddress): AnyClient {
  const { clients, mailbox, fallbacks } = client[internals];
  const readdressed = clients.to(mailbox, scope, to);
  return fallbacks === undefined ? readdressed : derive(readdressed, { fallbacks });
}

/** A copy of a client with some changes. */
export function derive(client: AnyClient, changes: Partial<Pick<ClientInternals, "scope" | "fallbacks">>): AnyClient {
  return create(Object.getPrototypeOf(client) as object, { ...client[internals], ...changes });
}

/** Whether a value is a client, as opposed to a mailbox. */
export function isClient(value: object): value is AnyClient {
  return internals in value;
}

function create(prototype: object, value: ClientInternals): AnyClient {
  return Object.defineProperty(Object.create(prototype), internals, { value }) as AnyClient;
}

type Send = (internals: ClientInternals, input: unknown, options?: CallOptions | CastOptions) => unknown;

function cached<T>(known: WeakMap<Mailbox, T>, mailbox: Mailbox, make: () => T): T {
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
      const own = this[internals];
      const value = (input?: unknown, options?: CallOptions | CastOptions): unknown => {
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

const senderOf = (target: CallTarget | CastTarget): Send => (isCall(target) ? callSender(target) : castSender(target));

const keyedSenderOf = (target: CallTarget | CastTarget): Send =>
  isCall(target) ? keyedCallSender(target) : keyedCastSender(target);

const everyoneSenderOf = (target: CallTarget | CastTarget): Send =>
  isCall(target) ? everyoneSender(target) : castSender(target);

const isCall = (target: CallTarget | CastTarget): target is CallTarget => target.definition.kind === "call";

function callSender(target: CallTarget): Send {
  return ({ clients, scope, fallbacks }, input, options) => {
    const call = sendCall(clients.core, target, scope, input, options as CallOptions);
    return fallbacks === undefined ? call : applyFallbacks(call, target, fallbacks);
  };
}

function keyedCallSender(target: CallTarget): Send {
  return ({ clients, scope, mailbox, key = "", fallbacks }, input, options) => {
    const route = clients.route(mailbox, target, key);
    const call = sendKeyedCall(clients.core, target, key, route, scope, input, options as CallOptions);
    return fallbacks === undefined ? call : applyFallbacks(call, target, fallbacks);
  };
}

function everyoneSender(target: CallTarget): Send {
  return ({ clients, scope, mailbox }, input, options) =>
    sendToAll(clients.core, target, () => clients.watch(mailbox), scope, input, options as ToAllOptions);
}

function applyFallbacks(
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
