/** Every operation that a client may send. What a client sends back of its own to the server counts too. */
export type Verb = "CONNECT" | "INFO" | "PUB" | "HPUB" | "HMSG" | "SUB" | "UNSUB" | "PING" | "PONG" | "+OK" | "-ERR";

/**
 * What comes after a verb:
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

/** A node of the tree that verbs are recognised by, one byte at a time. */
export interface VerbNode {
  /** By byte; both cases of a letter lead to the same node. */
  readonly next: readonly (VerbNode | undefined)[];
  /** Set where a verb is complete. No verb is the beginning of another. */
  readonly verb?: Verb;
  readonly tail?: Tail;
}

interface MutableNode {
  next: (MutableNode | undefined)[];
  verb?: Verb;
  tail?: Tail;
}

// Reading a slot past the end of an array is slow in V8, so each node has all 256.
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

/** Where every operation starts. */
export const verbTree: VerbNode = buildTree();
