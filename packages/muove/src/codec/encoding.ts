/** MessagePack unless the request was JSON. A reply has the encoding of its request. */
export type Encoding = "msgpack" | "json";

/**
 * Detects the encoding from the first byte. Returns undefined for an empty payload (void).
 *
 * This is reliable for everything that {@link encode} writes, because JSON starts below 0x80 and our MessagePack never
 * does (see `messagepack-writer.ts`). It does not check that the rest is well formed.
 */
export function encodingOf(payload: Uint8Array): Encoding | undefined {
  const first = payload[0];
  if (first === undefined) return undefined;
  return first < 0x80 ? "json" : "msgpack";
}
