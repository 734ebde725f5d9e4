import { type OneWay, type OneWayOptions, oneWay, type WhenUnreachable } from "./one-way.js";
import type { Plain, Schema } from "./schema.js";

/**
 * A message that the owner of a mailbox publishes to all listeners. Calls and casts go into a mailbox; events come out.
 * Made by {@link event}; plain frozen data.
 */
export interface EventDefinition<Input extends Schema | undefined = Schema | undefined>
  extends OneWay<"event", Input> {}

export interface EventDefinitionOptions<Input> extends OneWayOptions {
  /** What the owner publishes. Default: nothing. A listener gets the output of this schema. */
  readonly input?: Input;
  /** Default `"fail"`. An event without listeners is not a failure. */
  readonly whenUnreachable?: WhenUnreachable;
}

/**
 * Defines an event: the mailbox's owner publishes it to all current listeners, if there are any.
 *
 * @throws InvalidContract listing every problem.
 */
export function event<Input extends Schema | undefined = undefined>(
  options: EventDefinitionOptions<Input> = {},
): EventDefinition<Plain<Input>> {
  return oneWay<"event", Input>("event", options);
}

/** An event of a mailbox, to pass to `bus.on`: `orders.events.placed`. Plain frozen data, like its contract. */
export interface EventReference<E extends EventDefinition = EventDefinition> {
  readonly kind: "event-reference";
  /** The mailbox's name. */
  readonly mailbox: string;
  readonly event: string;
  readonly definition: E;
}

export function eventReference(mailbox: string, event: string, definition: EventDefinition): EventReference {
  return Object.freeze({ kind: "event-reference", mailbox, event, definition });
}
