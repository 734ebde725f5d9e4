/** Every operation that a client may send, including those that normally come from the server. */
export type Verb = "CONNECT" | "INFO" | "PUB" | "HPUB" | "HMSG" | "SUB" | "UNSUB" | "PING" | "PONG" | "+OK" | "-ERR";

/**
 * The form of the arguments of a verb:
 * - `spaced`: at least one space or tab, then a line of arguments;
 * - `free`: a line of arguments, with or without spaces before it;
 * - `ignored`: anything, up to the end of the line.
 */
export type Tail = "spaced" | "free" | "ignored";

const tails: Record<Verb, Tail> = {
  CONNECT: "free",
  INFO: "free",
  PUB: "spaced",
  HPUB: "spaced",
  HMSG: "spaced",
  SUB: "spaced",
  UNSUB: "spaced",
  "-ERR": "spaced",
  PING: "ignored",
  PONG: "ignored",
  "+OK": "ignored",
};

/** A node of the tree that recognises verbs byte by byte. */
export interface VerbNode {
  /** Children by byte. Both cases of a letter lead to the same node. */
  readonly next: readonly (VerbNode | undefined)[];
  /** Set if a verb is complete here. No verb is a prefix of another. */
  readonly verb?: Verb;
  readonly tail?: Tail;
}

interface MutableNode {
  next: (MutableNode | undefined)[];
  verb?: Verb;
  tail?: Tail;
}

// Reading past the end of an array is slow in V8, so each node has all 256 slots.
const node = (): MutableNode => ({ next: new Array<MutableNode | undefined>(256).fill(undefined) });

function buildTree(): VerbNode {
  const root = node();
  for (const verb of Object.keys(tails) as Verb[]) {
    let at = root;
    for (const letter of verb) {
      const found = at.next[letter.charCodeAt(0)] ?? node();
      at.next[letter.charCodeAt(0)] = found;
      at.next[letter.toLowerCase().charCodeAt(0)] = found;
      at = found;
    }
    at.verb = verb;
    at.tail = tails[verb];
  }
  return root;
}

/** The root of the tree. */
export const verbTree: VerbNode = buildTree();
