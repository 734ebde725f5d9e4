import { Packr } from "msgpackr/index-no-eval";

// Only what every MessagePack library reads: no records, the shortest form of a map's size, no calling of toJSON.
// The build without eval has no way to generate code, should these options ever change.
const packr = new Packr({ useRecords: false, variableMapSize: true, useToJSON: false });

// Invariants:
// MESSAGEPACK-WRITER-1 What was returned is never written to again: msgpackr goes on behind it, in the same slab or in
//   a new one.
// MESSAGEPACK-WRITER-2 A small payload that somebody keeps holds on to one slab of at most `large` bytes, which it
//   shares with its neighbours, as every small Buffer does with Node's pool. (A buffer of its own for each costs 0.3
//   µs, as much as the encoding.) A large payload has a buffer of exactly its size.
const slab = 8 * 1024;
const large = 64 * 1024;

/**
 * Writes what {@link plain} returned for MessagePack.
 *
 * Integers of up to 32 bits take their shortest form, others are 64-bit floats; but a payload that is just an integer
 * from 0 to 127 takes two bytes instead of one, so that its first byte is never one that JSON starts with.
 */
export function writeMessagePack(value: unknown): Uint8Array {
  if (typeof value === "number" && value >= 0 && value < 0x80 && Number.isInteger(value)) {
    return Uint8Array.of(0xcc, value);
  }
  const payload = packr.pack(value);
  return payload.buffer.byteLength > large ? onItsOwn(payload) : payload;
}

/** msgpackr's slab has grown to several times this payload and would stay that large under all that follow. */
function onItsOwn(payload: Uint8Array): Uint8Array {
  packr.useBuffer(Buffer.allocUnsafeSlow(slab));
  return new Uint8Array(payload);
}
