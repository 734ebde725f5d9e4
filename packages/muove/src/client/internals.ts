import type { Mailbox, Messages } from "@muove/contract";
import type { ResolvedAddress } from "../address/address.js";
import type { Scope } from "../call/scope.js";
import type { CallTarget } from "../call/target.js";
import type { Casts } from "../cast/casts.js";
import type { CastTarget } from "../cast/letter.js";
import type { FallbackStep, None } from "../fallback/fallback.js";
import type { Letters } from "../letters/letters.js";
import type { KeyRoute } from "../presence/key-route.js";
import type { Watch } from "../presence/watch.js";
import { type AnyClient, type ClientTag, internals } from "./client.js";
import type { ClientEnvironment } from "./client-environment.js";

/** What clients need of the bus that they send on. */
export interface ClientBus {
  readonly env: ClientEnvironment;
  readonly casts: Casts;
  readonly letters: Letters;
  /** A client of a mailbox. @param to the address. Default: any instance. */
  to(mailbox: Mailbox, scope: Scope, to?: ResolvedAddress): AnyClient;
  /** Who serves a mailbox. */
  watch(mailbox: Mailbox): Watch;
  /** The route of a message to the instance that is responsible for a key. */
  route<T extends CallTarget | CastTarget>(mailbox: Mailbox, target: T, key: string): KeyRoute<T>;
}

/** What a client is made of. */
export interface ClientInternals extends ClientTag<Messages> {
  readonly bus: ClientBus;
  readonly scope: Scope;
  /** For a client by key. */
  readonly key?: string;
  /** By call name; see withFallback. */
  readonly fallbacks?: ReadonlyMap<string, readonly FallbackStep[] | None>;
}

export function internalsOf(client: AnyClient): ClientInternals {
  return client[internals] as ClientInternals;
}

/** The same client at another address of its mailbox. */
export function readdress(client: AnyClient, scope: Scope, to: ResolvedAddress): AnyClient {
  const { bus, mailbox, fallbacks } = internalsOf(client);
  const readdressed = bus.to(mailbox, scope, to);
  return fallbacks === undefined ? readdressed : derive(readdressed, { fallbacks });
}

/** A copy of a client with some changes. */
export function derive(client: AnyClient, changes: Partial<Pick<ClientInternals, "scope" | "fallbacks">>): AnyClient {
  return create(Object.getPrototypeOf(client) as object, { ...internalsOf(client), ...changes });
}

/** Whether a value is a client, as opposed to a mailbox. */
export function isClient(value: object): value is AnyClient {
  return internals in value;
}

/** A client with these methods. */
export function create(prototype: object, value: ClientInternals): AnyClient {
  return Object.defineProperty(Object.create(prototype), internals, { value }) as AnyClient;
}
