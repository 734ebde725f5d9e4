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
import type { Place } from "../address/address.js";
import type { Call } from "../call/call.js";
import type { Scope } from "../call/scope.js";
import { type CallOptions, sendCall } from "../call/send-call.js";
import type { CallTarget } from "../call/target.js";
import type { CastOptions, Casts } from "../cast/casts.js";
import type { CastTarget } from "../cast/letter.js";
import type { Receipt } from "../cast/receipt.js";
import type { Core } from "../core/core.js";
import { Recent } from "../core/recent.js";
import { type FallbackChain, type FallbackStep, type None, none } from "../fallback/fallback.js";
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
  /** By the name of the call; see withFallback. */
  readonly fallbacks?: ReadonlyMap<string, readonly FallbackStep[] | None>;
}

/** How many addresses of a mailbox are kept, the most recently used ones: making one anew costs a few objects per message. */
const mostAddresses = 256;

/** Any client, its mailbox forgotten. */
export interface AnyClient {
  readonly [inside]: Inside;
}

/**
 * Makes clients of one bus. A handler gets new ones per message, so a client costs one small object: its methods are made
 * when they are first used, from what all clients of the mailbox share.
 */
export class Clients {
  readonly core: Core;
  readonly casts: Casts;
  readonly #prototypes = new WeakMap<Mailbox, object>();
  readonly #addressed = new WeakMap<Mailbox, Recent<object>>();
  readonly #publishers = new WeakMap<Mailbox, object>();

  constructor(core: Core, casts: Casts) {
    this.core = core;
    this.casts = casts;
  }

  /** @param place whom of those who serve it; any of them where it is left out. */
  to(mailbox: Mailbox, scope: Scope, place?: Place): AnyClient {
    const prototype = place === undefined ? this.#prototypeOf(mailbox) : this.#prototypeAt(mailbox, place);
    return create(prototype, { clients: this, scope, mailbox });
  }

  /** For the owner of a mailbox. */
  publisher(mailbox: Mailbox, scope: Scope): Publish<Messages> {
    return create(this.#publisherOf(mailbox), { clients: this, scope, mailbox });
  }

  #prototypeOf(mailbox: Mailbox): object {
    return remembered(this.#prototypes, mailbox, () => withMethods(targetsOf(this.core, mailbox)));
  }

  #prototypeAt(mailbox: Mailbox, place: Place): object {
    const addresses = remembered(this.#addressed, mailbox, () => new Recent<object>(mostAddresses));
    const make = (): object => withMethods(targetsOf(this.core, mailbox, place));
    return addresses.of(`${place.kind} ${place.name}`, make);
  }

  #publisherOf(mailbox: Mailbox): object {
    return remembered(this.#publishers, mailbox, () => withMethods(eventTargets(this.core, mailbox)));
  }
}

/** A client like another one, at another address of the same mailbox. */
export function readdress(client: AnyClient, scope: Scope, place: Place): AnyClient {
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

function withMethods(targets: Iterable<CallTarget | CastTarget>): object {
  const prototype = Object.create(null) as object;
  for (const target of targets) defineMethod(prototype, target.message, senderOf(target));
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

const isCall = (target: CallTarget | CastTarget): target is CallTarget => target.definition.kind === "call";

function callSender(target: CallTarget): Send {
  return ({ clients, scope, fallbacks }, input, options) => {
    const call = sendCall(clients.core, target, scope, input, options as CallOptions);
    const chain = fallbacks?.get(target.message);
    return chain === undefined || chain === none ? call : call.orElse(...(chain as FallbackChain<unknown, unknown>));
  };
}

function castSender(target: CastTarget): Send {
  return ({ clients, scope }, input, options) => clients.casts.send(target, scope, input, options as CastOptions);
}
