const encoder = new TextEncoder();

/** Writes what {@link plain} returned for JSON. */
export function writeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}
