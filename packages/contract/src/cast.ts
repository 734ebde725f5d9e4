import { type OneWay, type OneWayOptions, oneWay, type WhenUnreachable } from "./one-way.js";
import type { Plain, Schema } from "./schema.js";

/** A message that expects no reply: fire and forget. Made by {@link cast}; plain frozen data. */
export interface CastDefinition<Input extends Schema | undefined = Schema | undefined> extends OneWay<"cast", Input> {}

export interface CastDefinitionOptions<Input> extends OneWayOptions {
  /** What the sender sends. Default: nothing. */
  readonly input?: Input;
  /** Default `"fail"`. */
  readonly whenUnreachable?: WhenUnreachable;
}

/**
 * Defines a cast: a message that expects no reply.
 *
 * @throws InvalidContract listing every problem.
 */
export function cast<Input extends Schema | undefined = undefined>(
  options: CastDefinitionOptions<Input> = {},
): CastDefinition<Plain<Input>> {
  return oneWay<"cast", Input>("cast", options);
}
