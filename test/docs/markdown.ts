// Code in the pages comes from files that are compiled and run. A block says which, in a comment right above it:
//
//   <!-- from: test/docs/snippets/readme/contract.ts#contract -->
//
// The part after # names a region of the file, between "#region contract" and "#endregion" in comments; without it, the
// block is the whole file.

import { readFileSync } from "node:fs";

const root = new URL("../../", import.meta.url);
const block = /(<!-- from: (\S+?)(?:#(\S+))? -->\n+```(\S*)\n)[\s\S]*?(^```$)/gm;
const opening = /^\s*(?:\/\/|#|<!--) ?#region (\S+)/;
const closing = /^\s*(?:\/\/|#|<!--) ?#endregion/;

/** The page with every block that names a source brought up to date. */
export function refreshed(page: string): string {
  return page.replace(
    block,
    (_whole, head: string, path: string, region: string | undefined, _language: string, end: string) =>
      `${head}${sourceOf(path, region)}${end}`,
  );
}

/** The languages of the blocks that name no source. */
export function withoutSource(page: string): string[] {
  return [...page.replace(block, "").matchAll(/^```(\S+)$/gm)].map(([, language = ""]) => language);
}

function sourceOf(path: string, region: string | undefined): string {
  const lines = readFileSync(new URL(path, root), "utf8").trimEnd().split("\n");
  const chosen = region === undefined ? lines : linesOf(lines, region, path);
  const text = chosen.filter((line) => !opening.test(line) && !closing.test(line));
  return `${unindented(text).join("\n")}\n`;
}

/** The lines of a region, which may contain others. */
function linesOf(lines: readonly string[], region: string, path: string): string[] {
  const start = lines.findIndex((line) => opening.exec(line)?.[1] === region);
  let depth = 1;
  for (let end = start + 1; start >= 0 && end < lines.length; end++) {
    const line = lines[end] ?? "";
    if (opening.test(line)) depth++;
    if (closing.test(line)) depth--;
    if (depth === 0) return lines.slice(start + 1, end);
  }
  throw new Error(`${path} has no complete region ${region}`);
}

function unindented(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const least = Math.min(...indents);
  return lines.map((line) => line.slice(least));
}
