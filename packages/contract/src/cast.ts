import { InvalidContract } from "./invalid-contract.js";
import { optionProblems } from "./options.js";
import { type Schema, schemaProblem } from "./schema.js";

/** A message that expects no reply: fire and forget. Made by {@link cast}; plain frozen data. */
export interface CastDefinition<Input extends Schema | undefined = Schema | undefined> {
  readonly kind: "cast";
  readonly input: Input;
}

/**
 * Defines a cast: a message that expects no reply.
 *
 * @param options.input what the sender gives; left out: the cast carries nothing.
 * @throws InvalidContract listing everything that is wrong.
 */
export function cast<Input extends Schema | undefined = undefined>(
  options: { readonly input?: Input } = {},
): CastDefinition<NoInfer<Input>> {
  const problems = optionProblems(options, { input: (value) => schemaProblem("(the input)", value) });
  if (problems.length > 0) throw new InvalidContract("This cast", problems);
  return Object.freeze({ kind: "cast", input: options.input }) as CastDefinition<Input>;
}
