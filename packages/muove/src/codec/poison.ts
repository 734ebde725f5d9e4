/**
 * Whether this key and value could pollute a prototype when other code copies or merges the object. JSON readers agree
 * on these two cases (secure-json-parse, and Hapi's bourne before it). We apply them to MessagePack too.
 */
export function isPoison(key: string, value: unknown): boolean {
  if (key === "__proto__") return true;
  return key === "constructor" && typeof value === "object" && value !== null && Object.hasOwn(value, "prototype");
}
