import { type Durable, type DurableOptions, durableFieldProblem, durableOf, durableProblem } from "./durable.js";
import { type OneWay, type OneWayOptions, oneWay, oneWayRules, type WhenUnreachable } from "./one-way.js";
import type { Plain, Schema } from "./schema.js";

/** A message that expects no reply: fire and forget, or kept. Made by {@link cast}; plain frozen data. */
export interface CastDefinition<
  Input extends Schema | undefined = Schema | undefined,
  Kept extends Durable | undefined = Durable | undefined,
> extends OneWay<"cast", Input> {
  /** How it is kept; `undefined` if it is not. */
  readonly durable: Kept;
}

export interface CastDefinitionOptions<Input, Kept extends boolean | DurableOptions | undefined = undefined>
  extends OneWayOptions {
  /** What the sender sends. Default: nothing. */
  readonly input?: Input;
  /** Default `"fail"`. Not for a durable cast, which is sent again until it is stored, or its time is over. */
  readonly whenUnreachable?: WhenUnreachable;
  /**
   * Keeps each letter in a JetStream stream until a handler is done with it, so that none is lost while nobody is there.
   * Sending one gives a promise that tells whether it is stored. Needs nats-server 2.10 or later, with JetStream.
   * Default false: a cast that reaches nobody is a dead letter at its sender.
   */
  readonly durable?: Kept;
}

type Keeping<Kept> = Kept extends true | DurableOptions ? Durable : undefined;

/**
 * Defines a cast: a message that expects no reply.
 *
 * @throws InvalidContract listing every problem.
 */
export function cast<
  Input extends Schema | undefined = undefined,
  const Kept extends boolean | DurableOptions | undefined = undefined,
>(options: CastDefinitionOptions<Input, Kept> = {}): CastDefinition<Plain<Input>, Keeping<Kept>> {
  const definition = oneWay<"cast", Input>("cast", options, optionRules(options));
  const durable = durableOf(options.durable) as Keeping<Kept>;
  return Object.freeze({ ...definition, durable });
}

const optionRules = (options: CastDefinitionOptions<unknown, boolean | DurableOptions | undefined>) => ({
  ...oneWayRules,
  durable: (value: unknown) =>
    durableProblem(value) ??
    (value !== false && options.whenUnreachable !== undefined
      ? "does not go with whenUnreachable: a durable cast is sent again until it is stored, or its time is over"
      : undefined),
});

/** What each field of a definition must be. */
export const castRules = { ...oneWayRules, durable: durableFieldProblem };
