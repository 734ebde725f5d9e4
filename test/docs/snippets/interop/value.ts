// #region value
import { decode, encode } from "@msgpack/msgpack";

/** A payload as a value: no bytes are void; below 0x80 starts JSON, from 0x80 on MessagePack. */
export function valueIn(payload: Uint8Array): unknown {
  const [first] = payload;
  if (first === undefined) return undefined;
  return first < 0x80 ? JSON.parse(new TextDecoder().decode(payload)) : decode(payload);
}

/** A value as MessagePack. One that is nothing but an integer from 0 to 127 takes two bytes, or it would be taken for JSON. */
export function messagePack(value: unknown): Uint8Array {
  const small = Number.isInteger(value) && (value as number) >= 0 && (value as number) < 128;
  return small ? Uint8Array.of(0xcc, value as number) : encode(value);
}
// #endregion
