/** What a value of metadata may be: it travels as text. */
export type MetadataValue = string | number | boolean;

/** The metadata that a sender may give: any part of what the schema makes of it; nothing without a schema. */
export type GivenMetadata<Meta> =
  | (unknown extends Meta ? undefined : { readonly [Name in keyof Meta]?: (Meta[Name] & MetadataValue) | undefined })
  | undefined;

/** What can be given metadata. */
export interface WithMetadata<Given = undefined> {
  /**
   * Metadata for everything that is sent by it, beside what is inherited; of two values with one name this one counts.
   * Needs `meta` of `connect()`. Names are 1 to 64 letters, digits, `-` and `_`, starting with a letter; numbers and
   * booleans travel as text, and `undefined` counts as left out. At most 32 entries, and 4,096 bytes when encoded.
   */
  readonly meta?: Given;
}
