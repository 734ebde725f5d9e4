/** V8's hash of a small integer, which has no secret. */
export function hashOf(integer: number): number {
  let hash = (~integer + (integer << 15)) >>> 0;
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) >>> 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2_057) >>> 0;
  return (hash ^ (hash >>> 16)) & 0x3fff_ffff;
}
