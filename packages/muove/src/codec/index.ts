export { canonicalKey } from "./canonical-key.js";
export { type Decoded, decode } from "./decode.js";
export { encode, written } from "./encode.js";
export { type Encoding, encodingOf } from "./encoding.js";
export { maxDepth } from "./limits.js";
export { Malformed } from "./malformed.js";
export { type Plain, plain } from "./plain.js";
export { Unencodable } from "./unencodable.js";
