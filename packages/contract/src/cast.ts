import { InvalidContract } from "./invalid-contract.js";
import { describe, optionProblems, rules } from "./options.js";
import { type Schema, schemaProblem } from "./schema.js";

/**
 * What becomes of a cast while there is no connection to NATS:
 *
 * - `"fail"`: it is a dead letter, at once.
 * - `"drop"`: it is gone, and counted; for what is worthless when late, such as a measurement.
 * - `{ bufferFor }`: it waits in memory and is sent, in order, when the connection is back; after so many ms, or when the
 *   bus's buffer is full, it is a dead letter.
 */
export type WhenUnreachable = "fail" | "drop" | { readonly bufferFor: number };

/** A message that expects no reply: fire and forget. Made by {@link cast}; plain frozen data. */
export interface CastDefinition<Input extends Schema | undefined = Schema | undefined> {
  readonly kind: "cast";
  readonly input: Input;
  readonly whenUnreachable: WhenUnreachable;
}

export interface CastDefinitionOptions<Input> {
  /** What the sender gives. Left out: the cast carries nothing. */
  readonly input?: Input;
  /** Default `"fail"`. */
  readonly whenUnreachable?: WhenUnreachable;
}

/**
 * Defines a cast: a message that expects no reply.
 *
 * @throws InvalidContract listing everything that is wrong.
 */
export function cast<Input extends Schema | undefined = undefined>(
  options: CastDefinitionOptions<Input> = {},
): CastDefinition<NoInfer<Input>> {
  const problems = optionProblems(options, {
    input: (value) => schemaProblem("(the input)", value),
    whenUnreachable: whenUnreachableProblem,
  });
  if (problems.length > 0) throw new InvalidContract("This cast", problems);
  const { input, whenUnreachable: policy = "fail" } = options;
  const whenUnreachable = typeof policy === "object" ? Object.freeze({ ...policy }) : policy;
  return Object.freeze({ kind: "cast", input, whenUnreachable }) as CastDefinition<Input>;
}

export function whenUnreachableProblem(value: unknown): string | undefined {
  if (value === "fail" || value === "drop") return undefined;
  const { bufferFor } = (typeof value === "object" && value !== null ? value : {}) as { bufferFor?: unknown };
  if (bufferFor === undefined) return `must be "fail", "drop" or { bufferFor: ms }, not ${describe(value)}`;
  const problem = rules.milliseconds(bufferFor);
  return problem && `has a bufferFor that ${problem}`;
}
