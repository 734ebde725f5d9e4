import type {
  CallDefinition,
  CastDefinition,
  DeclaredError,
  EventDefinition,
  Input,
  Mailbox,
  Messages,
  Output,
} from "@muove/contract";
import type { ResolvedAddress } from "../address/address.js";
import type { InstanceOutcome } from "../call/broadcast.js";
import type { Call } from "../call/call.js";
import type { CallOptions } from "../call/call-options.js";
import type { Scope } from "../call/scope.js";
import type { ToAllOptions } from "../call/send-call.js";
import type { CallTarget } from "../call/target.js";
import type { CastOptions, Casts } from "../cast/casts.js";
import type { CastTarget } from "../cast/letter.js";
import type { Receipt } from "../cast/receipt.js";
import type { FallbackStep, None } from "../fallback/fallback.js";
import type { KeyRoute } from "../presence/key-route.js";
import type { Watch } from "../presence/watch.js";
import type { ClientEnvironment } from "./client-environment.js";

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

/** What clients need of the bus that they send on. */
export interface ClientBus {
  readonly env: ClientEnvironment;
  readonly casts: Casts;
  /** A client of a mailbox. @param to the address. Default: any instance. */
  to(mailbox: Mailbox, scope: Scope, to?: ResolvedAddress): AnyClient;
  /** Who serves a mailbox. */
  watch(mailbox: Mailbox): Watch;
  /** The route of a message to the instance that is responsible for a key. */
  route<T extends CallTarget | CastTarget>(mailbox: Mailbox, target: T, key: string): KeyRoute<T>;
}

/** The key of a client's internals; not enumerable. */
export const internals: unique symbol = Symbol("muove.client");

export interface ClientInternals<M extends Messages = Messages> {
  readonly bus: ClientBus;
  readonly scope: Scope;
  readonly mailbox: Mailbox<string, M>;
  /** For a client by key. */
  readonly key?: string;
  /** By call name; see withFallback. */
  readonly fallbacks?: ReadonlyMap<string, readonly FallbackStep[] | None>;
}

/** A client of any mailbox. */
export interface AnyClient {
  readonly [internals]: ClientInternals;
}

/** The same client at another address of its mailbox. */
export function readdress(client: AnyClient, scope: Scope, to: ResolvedAddress): AnyClient {
  const { bus, mailbox, fallbacks } = client[internals];
  const readdressed = bus.to(mailbox, scope, to);
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

/** A client with these methods. */
export function create(prototype: object, value: ClientInternals): AnyClient {
  return Object.defineProperty(Object.create(prototype), internals, { value }) as AnyClient;
}
