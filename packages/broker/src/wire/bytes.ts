/** Bytes with a meaning in the protocol. */
export const lf = 10;
export const cr = 13;
export const space = 32;
export const tab = 9;
export const dot = 46;
export const star = 42;
export const greater = 62;
export const zero = 48;
export const nine = 57;

/** The length of the CRLF that ends a payload. */
export const crlfLength = 2;
