/** MessagePack unless the request was JSON; a reply comes in the encoding of its request. */
export type Encoding = "msgpack" | "json";

/**
 * The encoding of a payload, told from its first byte alone; undefined for no bytes at all, which is void.
 *
 * This is sound for everything {@link encode} writes, because JSON text starts below 0x80 and our MessagePack never
 * does (see `messagepack-writer.ts`). It says nothing about whether the rest is well formed.
 */
export function encodingOf(payload: Uint8Array): Encoding | undefined {
  const first = payload[0];
  if (first === undefined) return undefined;
  return first < 0x80 ? "json" : "msgpack";
}
