import { answer } from "@muove/testkit/child";
import { letterOf } from "./contender.js";
import { loadLetterContender } from "./load.js";

// The process that stores letters: of the contender named on the command line, at the address in LETTERS_URL.

const { LETTERS_URL: url = "" } = process.env;
const store = await (await loadLetterContender(process.argv[2])).connect(url);

/** Stores `letters`, with so many in flight. Gives the time that it took, in s. */
async function send(letters: number, inFlight: number): Promise<number> {
  let next = 0;
  const start = performance.now();
  const one = async (): Promise<void> => {
    while (next < letters) if (!(await store(letterOf(next++)))) throw new Error("a letter was not stored");
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return (performance.now() - start) / 1_000;
}

answer({ send });
process.stdout.write("ready\n");
