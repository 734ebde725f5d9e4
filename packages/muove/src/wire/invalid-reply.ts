import { maxNameLength, plainText } from "@muove/contract/internal";

// docs/protocol.md, clause H-8.

const maxFields = 8;
/** Of the value of the header, in bytes. One field always fits: percent-encoding makes nine of a character at most. */
const maxSize = 1_024;
const form = /^[\x21-\x2b\x2d-\x7e]+(?:,[\x21-\x2b\x2d-\x7e]+){0,7}$/;

/** Fields of a reply, such as `lines.0.cents`, as the value of a header. Those that do not fit are left out. */
export function writtenFields(fields: readonly string[]): string {
  const written = fields.slice(0, maxFields).map((field) => encodeURIComponent(plainText(field, maxNameLength)));
  while (written.join(",").length > maxSize) written.pop();
  return written.join(",");
}

/** The fields from the value of a header, fit for the log; `undefined` if it has none. */
export function readFields(value: string): readonly string[] | undefined {
  if (value.length > maxSize || !form.test(value)) return undefined;
  try {
    return value.split(",").map((field) => plainText(decodeURIComponent(field), maxNameLength));
  } catch {
    return undefined;
  }
}
