import { addExtension, Packr } from "msgpackr/index-no-eval";
import { bigintType, bytesOfBigint, mapType, setType } from "./extensions.js";

// Output that every MessagePack library reads: no records, the shortest form for a map's size, no calls to toJSON. This
// build has no eval, so it cannot generate code even if these options change.
const packr = new Packr({ useRecords: false, variableMapSize: true, useToJSON: false });

/** The content of an extension. msgpackr tells extensions apart by class. */
class Extension {
  readonly content: Uint8Array;

  constructor(content: Uint8Array) {
    this.content = content;
  }
}

class BigintExtension extends Extension {}
class MapExtension extends Extension {}
class SetExtension extends Extension {}

const pack = ({ content }: Extension): Uint8Array => content;
addExtension({ Class: BigintExtension, type: bigintType, pack });
addExtension({ Class: MapExtension, type: mapType, pack });
addExtension({ Class: SetExtension, type: setType, pack });

// Invariants:
// MESSAGEPACK-WRITER-1 A returned payload is never written to again: msgpackr continues after it, in the same slab or
//   in a new one.
// MESSAGEPACK-WRITER-2 A small payload that is kept retains one slab of at most `large` bytes, shared with its
//   neighbours, like small Buffers in Node's pool. (A separate buffer for each would cost 0.3 µs, as much as the
//   encoding.) A large payload has a buffer of exactly its size.
const slab = 8 * 1024;
const large = 64 * 1024;

/**
 * Writes a value that {@link plain} returned for MessagePack.
 *
 * Integers up to 32 bits take their shortest form; other numbers are 64-bit floats. A payload that is just an integer
 * from 0 to 127 takes two bytes instead of one, so that its first byte is never one that JSON can start with.
 *
 * @param extended whether a bigint, a Map or a Set is in it.
 */
export function writeMessagePack(value: unknown, extended: boolean): Uint8Array {
  if (typeof value === "number" && value >= 0 && value < 0x80 && Number.isInteger(value)) {
    return Uint8Array.of(0xcc, value);
  }
  const payload = packr.pack(extended ? withExtensions(value) : value);
  return payload.buffer.byteLength > large ? onItsOwn(payload) : payload;
}

/** msgpackr's slab has grown to several times this payload, and all later payloads would share that large slab. */
function onItsOwn(payload: Uint8Array): Uint8Array {
  packr.useBuffer(Buffer.allocUnsafeSlow(slab));
  return new Uint8Array(payload);
}

/** A copy in which extensions stand for bigints, Maps and Sets. (msgpackr writes those as other types.) */
function withExtensions(value: unknown): unknown {
  if (typeof value === "bigint") return new BigintExtension(bytesOfBigint(value));
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map) return new MapExtension(written([...value].flat()));
  if (value instanceof Set) return new SetExtension(written([...value]));
  if (Array.isArray(value)) return value.map(withExtensions);
  if (value instanceof Date || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withExtensions(field)]));
}

function written(elements: readonly unknown[]): Uint8Array {
  return packr.pack(elements.map(withExtensions));
}
