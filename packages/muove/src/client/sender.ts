import type { Mailbox, Messages } from "@muove/contract";
import { describe } from "@muove/contract/internal";
import { type Address, resolveAddress } from "../address/address.js";
import { isMailbox, usable } from "../base/contracts.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Scope } from "../call/scope.js";
import { type AnyClient, type Client, derive, type Everyone, isClient, readdress } from "./client.js";
import type { Clients } from "./clients.js";

/** Anything that can send: a bus, a shared budget (`bus.within`), or the context of a handler (`ctx`). */
export interface Sender {
  /**
   * Returns a client of a mailbox: for any instance, or for those of the address. Sends nothing yet. Calls have the
   * same outcomes, fallbacks and options at every address; `absent` means that nobody is there, at that address.
   *
   * @param mailbox a contract; or a client, such as one of `withFallback`, to use with the budget of this sender. It
   * keeps its own bus, and its own address unless there is one here.
   * @throws InvalidOptions for an invalid mailbox or address, including a handwritten contract that `mailbox()` would
   * refuse.
   */
  to<M extends Messages>(mailbox: Mailbox<string, M>, address?: Address): Client<M>;
  to<C extends AnyClient>(client: C, address?: Address): C;
  /**
   * Returns a client of all instances of a mailbox. Sends nothing yet. A call yields an outcome per instance, as they
   * reply: `for await (const { instance, outcome } of bus.toAll(pricing).quote({ sku })) { … }`.
   *
   * @throws InvalidOptions for an invalid mailbox.
   */
  toAll<M extends Messages>(mailbox: Mailbox<string, M>): Everyone<M>;
}

const isAddressable = (target: unknown): boolean =>
  typeof target === "object" && target !== null && (isClient(target) || isMailbox(target));

/** Makes a client of a mailbox, or of another client, in a scope. */
export function address(clients: Clients, scope: Scope, target: Mailbox | AnyClient, to?: Address): AnyClient {
  if (!isAddressable(target)) {
    throw new InvalidOptions("This address", [`it must be a mailbox() or a client, not ${describe(target)}`]);
  }
  const resolved = resolveAddress(to);
  if (!isClient(target)) return clients.to(usable(target), scope, resolved);
  return resolved === undefined ? derive(target, { scope }) : readdress(target, scope, resolved);
}

/** Makes a client of all instances of a mailbox, in a scope. */
export function everyone<M extends Messages>(clients: Clients, scope: Scope, mailbox: Mailbox<string, M>): Everyone<M> {
  if (!isMailbox(mailbox)) {
    throw new InvalidOptions("This address", [`it must be a mailbox(), not ${describe(mailbox)}`]);
  }
  return clients.toAll(usable(mailbox), scope) as Everyone<M>;
}

/** A sender whose calls share a budget. See `bus.within`. */
export class Within implements Sender {
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

  to<M extends Messages>(mailbox: Mailbox<string, M>, to?: Address): Client<M>;
  to<C extends AnyClient>(client: C, to?: Address): C;
  to(target: Mailbox | AnyClient, to?: Address): AnyClient {
    return address(this.#clients, this.#scope, target, to);
  }

  toAll<M extends Messages>(mailbox: Mailbox<string, M>): Everyone<M> {
    return everyone(this.#clients, this.#scope, mailbox);
  }
}
