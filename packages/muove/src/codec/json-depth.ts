const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether JSON text opens at most `limit` arrays and objects within each other, without parsing it. Text that is not
 * JSON may be answered either way beyond its first mistake, which is where a parser stops.
 */
export function withinDepth(json: Uint8Array, limit: number): boolean {
  if (json.length <= limit) return true;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte === QUOTE) at = endOfString(json, at);
    else if (isOpening(byte)) {
      if (++depth > limit) return false;
    } else if (isClosing(byte)) depth--;
  }
  return true;
}

/** Brackets and braces differ in one bit: `[` 0x5b, `{` 0x7b. */
function isOpening(byte: number): boolean {
  return (byte | 0x20) === 0x7b;
}

function isClosing(byte: number): boolean {
  return (byte | 0x20) === 0x7d;
}

function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
