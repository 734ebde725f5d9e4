import { readdirSync, readFileSync } from "node:fs";

/** A row of the table in docs/logs.md. */
export interface Row {
  readonly level: string;
  readonly text: string;
  readonly fields: readonly string[];
  /** Those that the line does not always have. */
  readonly maybe: readonly string[];
  /** Whether the line has the ids of the trace that the message came with. */
  readonly traced: boolean;
}

const page = readFileSync(new URL("../../docs/logs.md", import.meta.url), "utf8");

const namesIn = (cell: string, form: RegExp): string[] => [...cell.matchAll(form)].map(([, name = ""]) => name);

/**
 * Every row whose first cell is a level: `| level | line | when | fields |`. The fields are in code, with a ? after those
 * that are not always there, and the word trace.
 */
export const rows: readonly Row[] = [...page.matchAll(/^\| (\w+) \| (.+?) \| .+? \| ?(.*?) ?\|$/gm)]
  .map(([, level = "", text = "", fields = ""]) => ({
    level,
    text: text.replaceAll("`", ""),
    fields: namesIn(fields, /`(\w+)`/g),
    maybe: namesIn(fields, /`(\w+)`\?/g),
    traced: /\btrace\b/.test(fields),
  }))
  .filter(({ level }) => ["debug", "info", "warn", "error", "fatal"].includes(level));

const source = new URL("../../packages/muove/src/", import.meta.url);

/**
 * The messages that are literals in a call of a logger. Messages that are made elsewhere are not found.
 */
export function textsInTheSources(): string[] {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) =>
    /^(?!.*\.test).*\.ts$/.test(path),
  );
  return files.flatMap((path) => {
    const calls = readFileSync(new URL(path, source), "utf8").matchAll(
      /\.(?:debug|info|warn|error|fatal)\(((?:"[^"]*"|[^;"])*?)\);/g,
    );
    return [...calls].flatMap(([, given = ""]) => /"([^"]+)",?\s*$/.exec(given)?.[1] ?? []);
  });
}
