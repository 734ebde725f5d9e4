import type { EventReference, Mailbox, Messages } from "@muove/contract";
import { type Checked, checkEvent, checkMailbox, describe } from "@muove/contract/internal";
import { InvalidOptions } from "./invalid-options.js";

/** Whether a value says that it is a mailbox; whether it can be used as one, {@link usable} finds out. */
export function isMailbox(value: unknown): value is Mailbox {
  return (value as { readonly kind?: unknown } | null | undefined)?.kind === "mailbox";
}

/**
 * The mailbox, to be used in place of what was given: nothing in it can break a subject or a header line, now or later.
 *
 * @throws InvalidOptions with all that is wrong with it.
 */
export function usable<M extends Messages>(mailbox: Mailbox<string, M>): Mailbox<string, M> {
  if (!isMailbox(mailbox))
    throw new InvalidOptions("This mailbox", [`it must be a mailbox(), not ${describe(mailbox)}`]);
  return contractOf(`The mailbox ${describe(mailbox.name)}`, checkMailbox(mailbox)) as Mailbox<string, M>;
}

/** The same for a reference to an event. */
export function usableEvent(event: EventReference): EventReference {
  return contractOf(`The event ${describe(event.event)}`, checkEvent(event));
}

function contractOf<C>(what: string, checked: Checked<C>): C {
  if ("problems" in checked) throw new InvalidOptions(what, checked.problems);
  return checked.contract;
}
