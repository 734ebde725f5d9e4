import type { LetterContender } from "./contender.js";

/** Loads a contender; the peers have dependencies of their own, see their package.json. */
export async function loadLetterContender(name: string | undefined): Promise<LetterContender> {
  if (name === "muove") return (await import("./muove.js")).muove;
  const file = new URL(`../../peers/letters-${name}.mjs`, import.meta.url);
  return ((await import(file.href)) as { contender: LetterContender }).contender;
}
