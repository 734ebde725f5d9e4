// Reads big-endian numbers. The caller checks that the bytes are there. (A DataView per message would cost more than
// its numbers.)

export function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export function uint32(bytes: Uint8Array, at: number): number {
  return ((uint16(bytes, at) << 16) | uint16(bytes, at + 2)) >>> 0;
}

const scratch = new DataView(new ArrayBuffer(8));

export function float32(bytes: Uint8Array, at: number): number {
  scratch.setUint32(0, uint32(bytes, at));
  return scratch.getFloat32(0);
}

export function float64(bytes: Uint8Array, at: number): number {
  scratch.setUint32(0, uint32(bytes, at));
  scratch.setUint32(4, uint32(bytes, at + 4));
  return scratch.getFloat64(0);
}
