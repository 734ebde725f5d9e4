import { describe, optionProblems } from "@muove/contract/internal";
import { InvalidInput } from "../base/invalid-input.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { WithMetadata } from "./given-metadata.js";
import { type Tags, tagsProblem, tagToken } from "./tags.js";

/** The most that a key may take, in bytes of UTF-8: it travels in a header (docs/protocol.md, H-6). */
export const maxKeyBytes = 256;

/**
 * Which instance of a mailbox a message is for. Default: any.
 *
 * - `instance`: the one with this id, as in monitors and `bus.status`. An id lasts as long as its process.
 * - `tags`: any that has all of these tags; it may have others. See `tags` of `connect()`.
 * - `key`: the same one for the same key, as long as it lives. A string of 1 to 256 bytes in UTF-8, or a number; 7 and
 *   "7" are the same key. When an instance goes, only its keys move, spread over all others; a new instance takes its share from all.
 *   The first call by key on a bus looks up the instances, which takes about 50 ms of the call's time.
 *
 * One that is there must have a value: a key that is undefined would go to any instance, and lose its order.
 */
export type Address<Given = undefined> = Place & WithMetadata<Given>;

type Place =
  | { readonly instance?: undefined; readonly tags?: undefined; readonly key?: undefined }
  | { readonly instance: string; readonly tags?: undefined; readonly key?: undefined }
  | { readonly tags: Tags; readonly instance?: undefined; readonly key?: undefined }
  | { readonly key: string | number; readonly instance?: undefined; readonly tags?: undefined };

/** A valid address. `name` is the instance id, the tags as one subject token, or the key; empty for everyone. */
export interface ResolvedAddress {
  readonly kind: "instance" | "tags" | "key" | "everyone";
  readonly name: string;
}

/**
 * @returns `undefined` for any instance.
 * @throws InvalidOptions for an invalid address, or InvalidInput for a key that cannot be one: keys come from data.
 */
export function resolveAddress(address: Address<unknown> | undefined): ResolvedAddress | undefined {
  if (address === undefined) return undefined;
  const problems = optionProblems(address, { ...places, meta: () => undefined }); // Whoever adds it, checks it.
  const given = Object.keys(places).filter((kind) => Object.hasOwn(Object(address), kind));
  if (problems.length === 0 && given.length > 1)
    problems.push(`it must have only one of ${Object.keys(places).join(", ")}`);
  const unset = given.filter((kind) => kind !== "key" && (address as Record<string, unknown>)[kind] === undefined);
  problems.push(...unset.map((kind) => `${kind} is undefined: omit it for any instance`));
  if (problems.length > 0) throw new InvalidOptions("This address", problems);
  if (given.includes("key")) checkKey(address.key);
  if (address.instance !== undefined) return { kind: "instance", name: address.instance };
  if (address.tags !== undefined) return { kind: "tags", name: tagToken(address.tags) };
  return address.key === undefined ? undefined : { kind: "key", name: String(address.key) };
}

const places = {
  instance: (value: unknown) =>
    typeof value === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(value)
      ? undefined
      : `must be an instance's id, as in a monitor (1 to 64 letters, digits, - and _), not ${describe(value)}`,
  tags: (value: unknown) =>
    tagsProblem(value) ??
    (Object.keys(value as Tags).length === 0 ? "must have at least one tag; omit it for any instance" : undefined),
  key: () => undefined, // See checkKey.
};

function checkKey(value: unknown): void {
  if (typeof value === "string" && value !== "" && Buffer.byteLength(value) <= maxKeyBytes) return;
  if (Number.isFinite(value)) return;
  const message = `must be a string of 1 to ${maxKeyBytes} bytes, or a number, not ${describe(value)}`;
  throw new InvalidInput("A message by key", [{ message, path: ["key"] }], undefined, "its key cannot be one");
}
