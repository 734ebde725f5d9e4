import type { Mailbox, Messages } from "@muove/contract";
import { describe } from "@muove/contract/internal";
import { type Address, resolveAddress } from "../address/address.js";
import { isMailbox, usable } from "../base/contracts.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Scope } from "../call/scope.js";
import { type AnyClient, type Client, type Clients, derive, type Everyone, isClient, readdress } from "./client.js";

/** Whatever one can write from: a bus, a budget that calls share (`bus.within`), the message being handled (`ctx`). */
export interface Sender {
  /**
   * Addresses a mailbox: any instance of it, or those that the address says. Sends nothing yet. Whatever the address, calls
   * have the same outcomes, fallbacks and options, and `absent` means that nobody is there, at that address.
   *
   * @param mailbox a contract; or a client, as made by `withFallback`, to use it from here: with the budget of this
   * sender, over the bus that the client was made on, at its own address unless there is another one here.
   * @throws InvalidOptions for what is no mailbox, or no address; also for a contract made by hand that says what `mailbox()`
   * would refuse.
   */
  to<M extends Messages>(mailbox: Mailbox<string, M>, address?: Address): Client<M>;
  to<C extends AnyClient>(client: C, address?: Address): C;
  /**
   * Addresses all instances of a mailbox. Sends nothing yet. A call to them gives an outcome for each, as they come:
   * `for await (const { instance, outcome } of bus.toAll(pricing).quote({ sku })) { … }`.
   *
   * @throws InvalidOptions for what is no mailbox.
   */
  toAll<M extends Messages>(mailbox: Mailbox<string, M>): Everyone<M>;
}

const isAddressable = (target: unknown): boolean =>
  typeof target === "object" && target !== null && (isClient(target) || isMailbox(target));

/** The one way in which a mailbox, or a client, becomes a client of a scope. */
export function address(clients: Clients, scope: Scope, target: Mailbox | AnyClient, to?: Address): AnyClient {
  if (!isAddressable(target)) {
    throw new InvalidOptions("This address", [`it must be a mailbox() or a client of one, not ${describe(target)}`]);
  }
  const place = resolveAddress(to);
  if (!isClient(target)) return clients.to(usable(target), scope, place);
  return place === undefined ? derive(target, { scope }) : readdress(target, scope, place);
}

/** The one way in which a mailbox becomes everyone who serves it. */
export function everyone<M extends Messages>(clients: Clients, scope: Scope, mailbox: Mailbox<string, M>): Everyone<M> {
  if (!isMailbox(mailbox)) {
    throw new InvalidOptions("This address", [`it must be a mailbox(), not ${describe(mailbox)}`]);
  }
  return clients.toAll(usable(mailbox), scope) as Everyone<M>;
}

/** Addresses that share a budget. See `bus.within`. */
export class Within implements Sender {
  readonly #clients: Clients;
  readonly #scope: Scope;

  constructor(clients: Clients, scope: Scope) {
    this.#clients = clients;
    this.#scope = scope;
  }

  /** What is left of the budget, in ms; never less than 0. */
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
