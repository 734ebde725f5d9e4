// #region value
import { decode, encode } from "@msgpack/msgpack";

/** Decodes a payload: no bytes are void, a first byte below 0x80 is JSON, from 0x80 on it is MessagePack. */
export function valueIn(payload: Uint8Array): unknown {
  const [first] = payload;
  if (first === undefined) return undefined;
  return first < 0x80 ? JSON.parse(new TextDecoder().decode(payload)) : decode(payload);
}

/** Encodes a value as MessagePack. A lone integer from 0 to 127 takes two bytes, or it would be read as JSON. */
export function messagePack(value: unknown): Uint8Array {
  const small = Number.isInteger(value) && (value as number) >= 0 && (value as number) < 128;
  return small ? Uint8Array.of(0xcc, value as number) : encode(value);
}
// #endregion
