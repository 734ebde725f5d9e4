import { cr, lf, space } from "./bytes.js";
import type { Publication } from "./publication.js";
import type { Tokens } from "./tokens.js";

/** Below this, copying byte by byte is faster than calling `Buffer.copy`. */
const short = 48;

/** Room for the fixed parts of a head: the verb, the spaces, a computed size, the CRLF. */
const fixed = 32;

/** The most bytes that `writeHead` may write. */
export function headBound(publication: Publication, sid: Buffer): number {
  const { tokens } = publication;
  return fixed + tokens.end(publication.sizeAt) - tokens.start(0) + sid.length;
}

/**
 * Writes the control line of a MSG or HMSG.
 *
 * @param withHeader whether to deliver the header.
 * @returns the position after it.
 */
export function writeHead(
  target: Buffer,
  at: number,
  publication: Publication,
  sid: Buffer,
  withHeader: boolean,
): number {
  const { tokens } = publication;
  let to = at;
  if (withHeader) target[to++] = 72; // H
  target[to++] = 77; // M
  target[to++] = 83; // S
  target[to++] = 71; // G
  target[to++] = space;
  to = writeToken(target, to, tokens, 0);
  to = writeBytes(target, to, sid, 0, sid.length);
  target[to++] = space;
  if (publication.hasReply) to = writeToken(target, to, tokens, publication.replyAt);
  to = writeSizes(target, to, publication, withHeader);
  target[to - 1] = cr;
  target[to++] = lf;
  return to;
}

function writeSizes(target: Buffer, at: number, publication: Publication, withHeader: boolean): number {
  if (publication.hasHeader && !withHeader) {
    return at + target.write(`${publication.size - publication.headerSize} `, at, "latin1");
  }
  const to = withHeader ? writeToken(target, at, publication.tokens, publication.headerSizeAt) : at;
  return writeToken(target, to, publication.tokens, publication.sizeAt);
}

/** Writes an argument and a space. */
function writeToken(target: Buffer, at: number, tokens: Tokens, index: number): number {
  const to = writeBytes(target, at, tokens.bytes, tokens.start(index), tokens.end(index));
  target[to] = space;
  return to + 1;
}

function writeBytes(target: Buffer, at: number, source: Buffer, start: number, end: number): number {
  if (end - start > short) return at + source.copy(target, at, start, end);
  let to = at;
  for (let i = start; i < end; i++) target[to++] = source[i] as number;
  return to;
}
