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

/** What Node decodes bytes to that are no UTF-8. */
const replacement = Buffer.from("\ufffd");

/** What is mostly quoted, and stays as it is. */
const plain = /^[ !#-[\]-~]*$/;
const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

/**
 * Quotes as Go's `%q` does, since nats-server names subjects so in its errors.
 *
 * @param key one character for each byte of what is quoted.
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

/** The character whose UTF-8 starts at a position, or undefined where the bytes are none. */
function charAt(bytes: Buffer, at: number): string | undefined {
  const end = at + sequenceLength(bytes[at] as number);
  if (end === at || end > bytes.length) return undefined;
  for (let i = at + 1; i < end; i++) if (((bytes[i] as number) & 0xc0) !== 0x80) return undefined;
  const char = bytes.toString("utf8", at, end);
  if (!char.includes("\ufffd")) return char;
  return bytes.subarray(at, end).equals(replacement) ? char : undefined;
}

/** How many bytes of UTF-8 a first byte announces; 0 if it is none. */
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
