const least = 256;
/** An empty table keeps up to this many slots for the next burst. */
const maxKept = 4_096;

/**
 * A table with growing numeric tokens, each used once. The low bits of a token are its slot, so nothing is hashed.
 * Tokens whose slot is still in use are skipped. (A `Map` rebuilds its table every few deletions, which costs more than
 * everything else, and its old tables keep young objects alive.)
 *
 * SLOT-TABLE-1 There are at least twice as many slots as entries, and no two entries share a slot, even after the table
 *   grows.
 */
export class SlotTable<T> {
  #things: (T | undefined)[] = places(least);
  #tokens = new Array<number>(least).fill(-1);
  #mask = least - 1;
  #size = 0;
  #next = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds an entry and returns its token. */
  add(thing: T): number {
    while (this.#things[this.#next & this.#mask] !== undefined) this.#next++;
    const token = this.#next++;
    this.#put(token, thing);
    if (++this.#size * 2 > this.#things.length) this.#resize(this.#things.length * 2);
    return token;
  }

  /** Uses up a token for an entry that is kept elsewhere. */
  skip(): number {
    return this.#next++;
  }

  get(token: number): T | undefined {
    const at = token & this.#mask;
    return this.#tokens[at] === token ? this.#things[at] : undefined;
  }

  /** Removes and returns an entry, or undefined if there is none. */
  take(token: number): T | undefined {
    const thing = this.get(token);
    if (thing === undefined) return undefined;
    this.#things[token & this.#mask] = undefined;
    if (--this.#size === 0 && this.#things.length > maxKept) this.#resize(least);
    return thing;
  }

  /** In the order of their tokens. */
  entries(): readonly (readonly [token: number, thing: T])[] {
    const all: [number, T][] = [];
    for (const [at, thing] of this.#things.entries()) {
      if (thing !== undefined) all.push([this.#tokens[at] as number, thing]);
    }
    return all.sort(([one], [other]) => one - other);
  }

  /** The next token. */
  get next(): number {
    return this.#next;
  }

  #put(token: number, thing: T): void {
    this.#things[token & this.#mask] = thing;
    this.#tokens[token & this.#mask] = token;
  }

  #resize(length: number): void {
    const [things, tokens] = [this.#things, this.#tokens];
    this.#things = places(length);
    this.#tokens = new Array<number>(length).fill(-1);
    this.#mask = length - 1;
    for (const [at, thing] of things.entries()) if (thing !== undefined) this.#put(tokens[at] as number, thing);
  }
}

function places<T>(length: number): (T | undefined)[] {
  return new Array<T | undefined>(length).fill(undefined);
}
