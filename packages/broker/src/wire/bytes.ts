/** The bytes that the protocol gives a meaning to. */
export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const TAB = 9;
export const DOT = 46;
export const STAR = 42;
export const GREATER = 62;
export const ZERO = 48;
export const NINE = 57;

/** The length of the CRLF that ends a payload. */
export const CRLF_LENGTH = 2;
