const escapes: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** Node decodes invalid UTF-8 to this. */
const replacement = Buffer.from("\ufffd");

/** The common case, which needs no escapes. */
const plain = /^[ !#-[\]-~]*$/;
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

/**
 * Quotes like Go's `%q`, which nats-server uses for subjects in its errors.
 *
 * @param key the bytes to quote, one per character.
 */
export function quote(key: string): string {
  if (plain.test(key)) return `"${key}"`;
  const bytes = Buffer.from(key, "latin1");
  let quoted = "";
  for (let i = 0; i < bytes.length; ) {
    const char = charAt(bytes, i);
    quoted += char === undefined ? `\\x${hex(bytes[i] as number, 2)}` : escaped(char);
    i += char === undefined ? 1 : Buffer.byteLength(char);
  }
  return `"${quoted}"`;
}

/** The UTF-8 character at a position, or undefined if the bytes are invalid. */
function charAt(bytes: Buffer, at: number): string | undefined {
  const end = at + sequenceLength(bytes[at] as number);
  if (end === at || end > bytes.length) return undefined;
  for (let i = at + 1; i < end; i++) if (((bytes[i] as number) & 0xc0) !== 0x80) return undefined;
  const char = bytes.toString("utf8", at, end);
  if (!char.includes("\ufffd")) return char;
  return bytes.subarray(at, end).equals(replacement) ? char : undefined;
}

/** The length of a UTF-8 sequence with this first byte, or 0 if it is invalid. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

function escaped(char: string): string {
  const known = escapes[char];
  if (known !== undefined) return known;
  if (printable.test(char)) return char;
  const code = char.codePointAt(0) as number;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}
