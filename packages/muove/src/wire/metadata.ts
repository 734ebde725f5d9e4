// docs/protocol.md, clause H-7.

export const maxMetadataEntries = 32;
/** Of the value of the header, in bytes. */
export const maxMetadataSize = 4_096;

/** Metadata as texts, by name. */
export type MetadataTexts = Readonly<Record<string, string>>;

export const metadataNameForm = /^[A-Za-z][\w-]{0,63}$/;
/** A value in percent-encoding: visible ASCII, except for what separates entries. */
const valueForm = /^[\x21-\x2b\x2d-\x7e]*$/;

/** Metadata as the value of a header; "" for none. */
export function writtenMetadata(texts: MetadataTexts): string {
  return Object.entries(texts)
    .map(([name, text]) => `${name}=${encodeURIComponent(text.toWellFormed())}`)
    .join(",");
}

/** The problem with metadata that was written, in words; `undefined` if it may be sent. */
export function metadataProblem(written: string, entries: number): string | undefined {
  if (entries > maxMetadataEntries) return `more than ${maxMetadataEntries} entries`;
  return written.length > maxMetadataSize ? `more than ${maxMetadataSize} bytes` : undefined;
}

/** Metadata from the value of a header, or the problem with it. */
export function readMetadata(value: string): { readonly texts: MetadataTexts } | { readonly problem: string } {
  if (value === "") return { texts: {} };
  if (value.length > maxMetadataSize) return { problem: `more than ${maxMetadataSize} bytes` };
  const parts = value.split(",", maxMetadataEntries + 1);
  const problem = metadataProblem(value, parts.length);
  if (problem !== undefined) return { problem };
  const entries = parts.map(entryIn);
  const names = new Set(entries.map((entry) => entry?.[0]));
  if (names.has(undefined) || names.size < entries.length) return { problem: "malformed" };
  return { texts: Object.fromEntries(entries as [string, string][]) };
}

function entryIn(part: string): readonly [name: string, text: string] | undefined {
  const equals = part.indexOf("=");
  const [name, value] = [part.slice(0, equals), part.slice(equals + 1)];
  if (equals === -1 || !metadataNameForm.test(name) || !valueForm.test(value)) return undefined;
  try {
    return [name, decodeURIComponent(value)];
  } catch {
    return undefined;
  }
}
