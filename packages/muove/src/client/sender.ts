import type { Mailbox, Messages } from "@muove/contract";
import { describe, optionProblems } from "@muove/contract/internal";
import { type Address, type ResolvedAddress, resolveAddress } from "../address/address.js";
import type { WithMetadata } from "../address/given-metadata.js";
import { isMailbox, usable } from "../base/contracts.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Scope } from "../call/scope.js";
import type { AnyClient, ClientOf, Everyone } from "./client.js";
import type { Clients } from "./clients.js";
import { derive, isClient, readdress } from "./internals.js";

/**
 * Anything that can send: a bus, a shared budget (`bus.within`), or the context of a handler (`ctx`). The latter two
 * pass on their metadata.
 */
export interface Sender<Given = undefined> {
  /**
   * Returns a client of a mailbox: for any instance, or for those of the address. Sends nothing yet. Calls have the
   * same outcomes, fallbacks and options at every address; `absent` means that nobody is there, at that address.
   *
   * @param target a contract; or a client, such as one of `withFallback`, to use with the budget of this sender. It
   * keeps its own bus, and its own address unless there is one here.
   * @throws InvalidOptions for an invalid mailbox or address, including a handwritten contract that `mailbox()` would
   * refuse.
   */
  to<Target extends Mailbox | AnyClient>(target: Target, address?: Address<Given>): ClientOf<Target>;
  /**
   * Returns a client of all instances of a mailbox. Sends nothing yet. A call yields an outcome per instance, as they
   * reply: `for await (const { instance, outcome } of bus.toAll(pricing).quote({ sku })) { … }`.
   *
   * @throws InvalidOptions for an invalid mailbox, or invalid metadata.
   */
  toAll<M extends Messages>(mailbox: Mailbox<string, M>, to?: WithMetadata<Given>): Everyone<M>;
}

const isAddressable = (target: unknown): boolean =>
  typeof target === "object" && target !== null && (isClient(target) || isMailbox(target));

/** Makes a client of a mailbox, or of another client, in a scope. */
export function address<Target extends Mailbox | AnyClient>(
  clients: Clients,
  scope: Scope,
  target: Target,
  to?: Address<unknown>,
): ClientOf<Target> {
  if (!isAddressable(target)) {
    throw new InvalidOptions("This address", [`it must be a mailbox() or a client, not ${describe(target)}`]);
  }
  const within = scope.with(clients.env.metadata.add(scope.metadata, to?.meta));
  return clientAt(clients, within, target, resolveAddress(to)) as ClientOf<Target>;
}

function clientAt(clients: Clients, scope: Scope, target: Mailbox | AnyClient, to?: ResolvedAddress): AnyClient {
  if (!isClient(target)) return clients.to(usable(target), scope, to);
  return to === undefined ? derive(target, { scope }) : readdress(target, scope, to);
}

/** Makes a client of all instances of a mailbox, in a scope. */
export function everyone<M extends Messages>(
  clients: Clients,
  scope: Scope,
  mailbox: Mailbox<string, M>,
  to: { readonly meta?: unknown } = {},
): Everyone<M> {
  if (!isMailbox(mailbox)) {
    throw new InvalidOptions("This address", [`it must be a mailbox(), not ${describe(mailbox)}`]);
  }
  const problems = optionProblems(to, { meta: () => undefined });
  if (problems.length > 0) throw new InvalidOptions("This address", problems);
  return clients.toAll(usable(mailbox), scope.with(clients.env.metadata.add(scope.metadata, to.meta))) as Everyone<M>;
}

/** A sender whose calls share a budget. See `bus.within`. */
export class Within<Given = undefined> implements Sender<Given> {
  readonly #clients: Clients;
  readonly #scope: Scope;

  constructor(clients: Clients, scope: Scope) {
    this.#clients = clients;
    this.#scope = scope;
  }

  /** The time left of the budget, in ms; never less than 0. */
  get remaining(): number {
    return this.#scope.remaining;
  }

  to<Target extends Mailbox | AnyClient>(target: Target, to?: Address<Given>): ClientOf<Target> {
    return address(this.#clients, this.#scope, target, to);
  }

  toAll<M extends Messages>(mailbox: Mailbox<string, M>, to?: WithMetadata<Given>): Everyone<M> {
    return everyone(this.#clients, this.#scope, mailbox, to);
  }
}
