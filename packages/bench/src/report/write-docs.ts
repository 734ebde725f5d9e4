import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const docs = fileURLToPath(new URL("../../../../docs/", import.meta.url));

/** Writes a page of `docs/` and its picture, and prints that. */
export function writeDocs(name: string, page: string, picture: string): void {
  writeFileSync(`${docs}${name}.md`, page);
  writeFileSync(`${docs}${name}.svg`, picture);
  process.stderr.write(`Wrote docs/${name}.md and docs/${name}.svg\n`);
}
