import dns from "node:dns";
import { UnresolvedError } from "./dial-failure.js";

/*
 * NAME-LOOKUPS-1 There is at most one look-up of a name at a time. It cannot be ended, and with a silent resolver it
 *   holds a thread of the process until it is over.
 * NAME-LOOKUPS-2 A result that comes when nobody waits any more is kept for whoever asks next. So a resolver that always
 *   takes longer than one wait is of use, too.
 */

type Result = readonly string[] | UnresolvedError;

interface Lookup {
  readonly settled: Promise<void>;
  result: Result | undefined;
}

/** Resolves the names of servers, with the means of the operating system. */
export class NameLookups {
  readonly #lookups = new Map<string, Lookup>();

  /** Looks a name up, unless that is under way. Resolves when there is a result to take. */
  ask(name: string): Promise<void> {
    const lookup = this.#lookups.get(name) ?? begin(name);
    this.#lookups.set(name, lookup);
    return lookup.settled;
  }

  /** All IP addresses of a name that was asked for, or why there are none so far. */
  take(name: string): Result {
    const result = this.#lookups.get(name)?.result;
    if (result === undefined) return new UnresolvedError(`the name ${name} has not resolved so far; still waiting`);
    this.#lookups.delete(name);
    return result;
  }
}

function begin(name: string): Lookup {
  const found = lookUp(name);
  const lookup: Lookup = {
    result: undefined,
    settled: found.then((result) => {
      lookup.result = result;
    }),
  };
  return lookup;
}

function lookUp(name: string): Promise<Result> {
  return new Promise((resolve) => {
    dns.lookup(name, { all: true }, (cause, addresses) => {
      if (cause) resolve(new UnresolvedError(`the name ${name} does not resolve`, { cause }));
      else resolve(addresses.map(({ address }) => address));
    });
  });
}
