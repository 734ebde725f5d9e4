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

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, "0");

/**
 * Quotes as Go's `%q` does, since nats-server names subjects so in its errors.
 *
 * @param key one character for each byte of what is quoted.
 */
export function quote(key: string): string {
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
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    const char = bytes.toString("utf8", at, at + length);
    if (!char.includes("\ufffd") || bytes.subarray(at, at + length).equals(Buffer.from("\ufffd"))) return char;
  }
  return undefined;
}

function escaped(char: string): string {
  const known = escapes[char];
  if (known !== undefined) return known;
  if (printable.test(char)) return char;
  const code = char.codePointAt(0) as number;
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}
