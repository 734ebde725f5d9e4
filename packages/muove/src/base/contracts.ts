import type { EventReference, Mailbox, Messages } from "@muove/contract";
import { type Checked, checkEvent, checkMailbox, describe } from "@muove/contract/internal";
import { InvalidOptions } from "./invalid-options.js";

/** Whether a value claims to be a mailbox. {@link usable} checks that it is a valid one. */
export function isMailbox(value: unknown): value is Mailbox {
  return (value as { readonly kind?: unknown } | null | undefined)?.kind === "mailbox";
}

/**
 * Returns a checked copy of the mailbox. Nothing in it can break a subject or a header line, now or later.
 *
 * @throws InvalidOptions that lists every problem.
 */
export function usable<M extends Messages>(mailbox: Mailbox<string, M>): Mailbox<string, M> {
  if (!isMailbox(mailbox))
    throw new InvalidOptions("This mailbox", [`it must be a mailbox(), not ${describe(mailbox)}`]);
  return contractOf(`The mailbox ${describe(mailbox.name)}`, checkMailbox(mailbox)) as Mailbox<string, M>;
}

/** Does the same for a reference to an event. */
export function usableEvent(event: EventReference): EventReference {
  return contractOf(`The event ${describe(event.event)}`, checkEvent(event));
}

function contractOf<C>(what: string, checked: Checked<C>): C {
  if ("problems" in checked) throw new InvalidOptions(what, checked.problems);
  return checked.contract;
}
