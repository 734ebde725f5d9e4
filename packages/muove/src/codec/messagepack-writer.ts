import { Packr } from "msgpackr/index-no-eval";

// Only what every MessagePack library reads: no records, the shortest form of a map's size, no calling of toJSON.
// The build without eval has no way to generate code, should these options ever change.
const packr = new Packr({ useRecords: false, variableMapSize: true, useToJSON: false });

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
  return packr.pack(value);
}
