import type { CallDefinition, Issue, Message } from "@muove/contract";
import { typesIn } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";

// docs/protocol.md, clause P-U.

/** Whether JSON can carry every answer, as far as the contract tells. */
export function canAnswerInJson(definition: Message): boolean {
  return beyondJson(definition).length === 0;
}

/** Why a call in JSON is refused before its handler runs: an answer could not be sent afterwards. */
export function jsonIssues(definition: Message): readonly Issue[] | undefined {
  const kinds = beyondJson(definition);
  if (kinds.length === 0) return undefined;
  return [{ message: `its answer can hold ${kinds.join(", ")}, which JSON cannot carry: send MessagePack`, path: [] }];
}

/** @throws InvalidOptions if a bus that sends JSON makes a call whose answer JSON may not carry. */
export function checkJsonAnswer(address: string, definition: Message): void {
  const kinds = beyondJson(definition);
  if (kinds.length === 0) return;
  const problem = `cannot carry the answer of ${address}, which can hold ${kinds.join(", ")}: use "msgpack"`;
  throw new InvalidOptions('The encoding "json" of this bus', [problem]);
}

const known = new WeakMap<Message, readonly string[]>();

function beyondJson(definition: Message): readonly string[] {
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
