const least = 256;
/** So many places are kept for the next burst, also when nothing is in them. */
const mostKept = 4_096;

/**
 * Things by numbers that are given once, and only grow. A number tells by its last bits where its thing is, so nothing
 * is hashed; a number whose place is still taken by an older thing is left out. (A `Map` makes a new table for every
 * few deletions, which costs more than all else, and garbage of old age keeps what is young alive with it.)
 *
 * SLOT-TABLE-1 The places are at least twice as many as the things, and no two things have the same one: not when they
 *   become more either.
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

  /** Gives a number for a thing. */
  add(thing: T): number {
    while (this.#things[this.#next & this.#mask] !== undefined) this.#next++;
    const token = this.#next++;
    this.#put(token, thing);
    if (++this.#size * 2 > this.#things.length) this.#resize(this.#things.length * 2);
    return token;
  }

  /** Gives a number for what is kept elsewhere. */
  skip(): number {
    return this.#next++;
  }

  get(token: number): T | undefined {
    const at = token & this.#mask;
    return this.#tokens[at] === token ? this.#things[at] : undefined;
  }

  /** Takes a thing out; nothing when it is not in here. */
  take(token: number): T | undefined {
    const thing = this.get(token);
    if (thing === undefined) return undefined;
    this.#things[token & this.#mask] = undefined;
    if (--this.#size === 0 && this.#things.length > mostKept) this.#resize(least);
    return thing;
  }

  /** In the order of their numbers. */
  entries(): readonly (readonly [token: number, thing: T])[] {
    const all: [number, T][] = [];
    for (const [at, thing] of this.#things.entries()) {
      if (thing !== undefined) all.push([this.#tokens[at] as number, thing]);
    }
    return all.sort(([one], [other]) => one - other);
  }

  /** The next number that will be given. */
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
