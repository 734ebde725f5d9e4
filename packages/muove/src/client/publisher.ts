import type { Mailbox, Messages } from "@muove/contract";
import { optionProblems } from "@muove/contract/internal";
import type { WithMetadata } from "../address/given-metadata.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Scope } from "../call/scope.js";
import type { Publish } from "./client.js";
import type { Clients } from "./clients.js";

/** Publishes the events of a mailbox, for its owner. */
export interface Publisher<M extends Messages, Given = undefined> {
  /**
   * Publishes the mailbox's events: `own.publish.placed({ … })`. Like a cast, it returns a receipt at once and needs no
   * `await`. Every current listener gets the event at most once; there may be none. Events of one name arrive in the
   * order in which this bus published them, as long as its connection lasts.
   *
   * Throws InvalidOptions, InvalidInput, InvalidMetadata or TooLarge for the owner's mistakes, and never because of the
   * network or another service.
   */
  readonly publish: Publish<M>;
  /**
   * The same, with metadata: `own.within({ meta: { tenant } }).publish.placed({ … })`.
   *
   * @throws InvalidOptions
   */
  within(options: WithMetadata<Given>): Publisher<M, Given>;
}

export function publisherOf<M extends Messages, Given>(
  clients: Clients,
  mailbox: Mailbox<string, M>,
  scope: Scope,
): Publisher<M, Given> {
  return Object.freeze({
    publish: clients.publisher(mailbox, scope) as Publish<M>,
    within(options: WithMetadata<Given>) {
      const problems = optionProblems(options, { meta: () => undefined });
      if (problems.length > 0) throw new InvalidOptions("The options of within()", problems);
      return publisherOf<M, Given>(
        clients,
        mailbox,
        scope.with(clients.env.metadata.add(scope.metadata, options.meta)),
      );
    },
  });
}
