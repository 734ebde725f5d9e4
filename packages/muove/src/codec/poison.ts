/**
 * Whether setting `key` to `value` is how prototypes get polluted by code that copies or merges later on. JSON readers
 * have settled on these two (secure-json-parse, and Hapi's bourne before it); we apply them to MessagePack as well.
 */
export function isPoison(key: string, value: unknown): boolean {
  if (key === "__proto__") return true;
  return key === "constructor" && typeof value === "object" && value !== null && Object.hasOwn(value, "prototype");
}
