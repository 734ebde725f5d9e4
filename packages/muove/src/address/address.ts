import { describe, optionProblems } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { type Tags, tagsProblem, tagToken } from "./tags.js";

/**
 * Whom of those who serve a mailbox a message is for. Left out: any of them.
 *
 * - `instance`: that one, by the id that monitors and `bus.status` tell. It lasts as long as its process.
 * - `tags`: any that has all of these, whatever others it has. See `tags` of `connect()`.
 * - `key`: always the same one for the same key, as long as it lives. A text (any characters, but not empty) or a number, which
 *   is the same key as its text. The keys of an instance that goes move, to all others alike, and those of no other; when
 *   one comes, it takes its share from all. The first call by key on a bus finds out who is there, which takes
 *   some 50 ms of its time.
 */
export type Address =
  | { readonly instance: string; readonly tags?: undefined; readonly key?: undefined }
  | { readonly tags: Tags; readonly instance?: undefined; readonly key?: undefined }
  | { readonly key: string | number; readonly instance?: undefined; readonly tags?: undefined };

/** An address, checked: `name` is the instance, the tags as one token of a subject, or the key; nothing for everyone. */
export interface ResolvedAddress {
  readonly kind: "instance" | "tags" | "key" | "everyone";
  readonly name: string;
}

/**
 * @returns nothing for any instance.
 * @throws InvalidOptions for what is no address.
 */
export function resolveAddress(address: Address | undefined): ResolvedAddress | undefined {
  if (address === undefined) return undefined;
  const problems = optionProblems(address, rules);
  const given = Object.keys(rules).filter((kind) => (address as Record<string, unknown> | null)?.[kind] !== undefined);
  if (problems.length === 0 && given.length !== 1)
    problems.push(`it must have one of ${Object.keys(rules).join(", ")}`);
  if (problems.length > 0) throw new InvalidOptions("This address", problems);
  if (address.instance !== undefined) return { kind: "instance", name: address.instance };
  if (address.tags !== undefined) return { kind: "tags", name: tagToken(address.tags) };
  return { kind: "key", name: String(address.key) };
}

const rules = {
  instance: (value: unknown) =>
    typeof value === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(value)
      ? undefined
      : `must be an instance's id, as a monitor tells it (1 to 64 letters, digits, - and _), not ${describe(value)}`,
  tags: (value: unknown) =>
    tagsProblem(value) ??
    (Object.keys(value as Tags).length === 0 ? "must have a tag; leave it out for any instance" : undefined),
  key: (value: unknown) =>
    (typeof value === "string" && value !== "") || Number.isFinite(value)
      ? undefined
      : `must be a text that is not empty, or a number, not ${describe(value)}`,
};
