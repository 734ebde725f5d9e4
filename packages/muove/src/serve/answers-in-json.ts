import type { CallDefinition, Issue, Message } from "@muove/contract";
import { typesIn } from "@muove/contract/internal";
import type { Endpoint } from "./endpoint.js";

// docs/protocol.md, clause P-U.

/** Whether JSON can carry every answer, as far as the contract tells. */
export function canAnswerInJson(endpoint: Endpoint): boolean {
  return beyondJson(endpoint).length === 0;
}

/** Why a call in JSON is refused before its handler runs: an answer could not be sent afterwards. */
export function jsonIssues(endpoint: Endpoint): readonly Issue[] | undefined {
  const kinds = beyondJson(endpoint);
  if (kinds.length === 0) return undefined;
  return [{ message: `its answer can hold ${kinds.join(", ")}, which JSON cannot carry: send MessagePack`, path: [] }];
}

const known = new WeakMap<Message, readonly string[]>();

function beyondJson({ definition }: Endpoint): readonly string[] {
  let kinds = known.get(definition);
  if (kinds === undefined) {
    kinds = definition.kind === "call" ? kindsOf(definition) : [];
    known.set(definition, kinds);
  }
  return kinds;
}

function kindsOf({ output, errors }: CallDefinition): readonly string[] {
  return [output, ...Object.values(errors)].flatMap((schema) => typesIn(schema, "output").beyondJson);
}
