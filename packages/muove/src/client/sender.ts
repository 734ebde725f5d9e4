import type { Mailbox, Messages } from "@muove/contract";
import { describe } from "@muove/contract/internal";
import type { Scope } from "../call/scope.js";
import { InvalidOptions } from "../core/invalid-options.js";
import { type AnyClient, type Client, type Clients, derive, isClient } from "./client.js";

/** Whatever one can write from: a bus, a budget that calls share (`bus.within`), the message being handled (`ctx`). */
export interface Sender {
  /**
   * Addresses a mailbox: any instance of it. Sends nothing yet.
   *
   * @param mailbox a contract; or a client, as made by `withFallback`, to use it from here: with the budget of this
   * sender, over the bus that the client was made on.
   */
  to<M extends Messages>(mailbox: Mailbox<string, M>): Client<M>;
  to<C extends AnyClient>(client: C): C;
}

const isAddressable = (target: unknown): boolean =>
  typeof target === "object" && target !== null && (isClient(target) || (target as Mailbox).kind === "mailbox");

/** The one way in which a mailbox, or a client, becomes a client of a scope. */
export function address(clients: Clients, scope: Scope, target: Mailbox | AnyClient): AnyClient {
  if (!isAddressable(target)) {
    throw new InvalidOptions("This address", [`it must be a mailbox() or a client of one, not ${describe(target)}`]);
  }
  return isClient(target) ? derive(target, { scope }) : clients.to(target, scope);
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

  to<M extends Messages>(mailbox: Mailbox<string, M>): Client<M>;
  to<C extends AnyClient>(client: C): C;
  to(target: Mailbox | AnyClient): AnyClient {
    return address(this.#clients, this.#scope, target);
  }
}
