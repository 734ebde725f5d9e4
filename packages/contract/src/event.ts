import { type OneWay, oneWay, type WhenUnreachable } from "./one-way.js";
import type { Schema } from "./schema.js";

/**
 * What a mailbox's owner tells whoever listens: it goes out of the mailbox, where calls and casts come in. Made by
 * {@link event}; plain frozen data.
 */
export interface EventDefinition<Input extends Schema | undefined = Schema | undefined>
  extends OneWay<"event", Input> {}

export interface EventDefinitionOptions<Input> {
  /** What the owner publishes. Left out: the event carries nothing. A listener gets what this schema makes of it. */
  readonly input?: Input;
  /** Default `"fail"`. That nobody listens is no failure: an event is for whoever is there. */
  readonly whenUnreachable?: WhenUnreachable;
}

/**
 * Defines an event: published by the mailbox's owner to whoever listens, be it nobody.
 *
 * @throws InvalidContract listing everything that is wrong.
 */
export function event<Input extends Schema | undefined = undefined>(
  options: EventDefinitionOptions<Input> = {},
): EventDefinition<NoInfer<Input>> {
  return oneWay<"event", Input>("event", options);
}

/**
 * One event of one mailbox, to be listened to: `orders.events.placed`. Plain frozen data, as the contract that it is
 * found in.
 */
export interface EventReference<E extends EventDefinition = EventDefinition> {
  readonly kind: "event-reference";
  /** The name of the mailbox whose owner publishes it. */
  readonly mailbox: string;
  readonly event: string;
  readonly definition: E;
}

export function eventReference(mailbox: string, event: string, definition: EventDefinition): EventReference {
  return Object.freeze({ kind: "event-reference", mailbox, event, definition });
}
