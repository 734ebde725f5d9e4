import { schemaProblem } from "./schema.js";
import { type Side, typesIn } from "./zod-types.js";

/** The problem with a value that should be the schema of a payload, as far as its library tells. */
export function payloadSchemaProblem(what: string, value: unknown, side: Side): string | undefined {
  const problem = schemaProblem(what, value);
  if (problem !== undefined) return problem;
  const { untransferable } = typesIn(value, side);
  return untransferable.length === 0
    ? undefined
    : `${what} cannot be sent, because it has ${untransferable.join(", ")}`;
}
