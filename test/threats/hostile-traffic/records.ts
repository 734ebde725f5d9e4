import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { Record } from "../../soak/records.js";

const every = 50;

/** Keeps records like those of the soak, but in batches: nothing is killed here, and writing each would cost more than the calls. */
export function recorder(folder: string, name: string) {
  const file = join(folder, `${name}.jsonl`);
  let lines: string[] = [];
  let written = Promise.resolve();
  const write = (): Promise<void> => {
    const text = lines.join("");
    lines = [];
    if (text !== "") written = written.then(() => appendFile(file, text));
    return written;
  };
  setInterval(write, every).unref();
  return {
    keep: (record: Record): void => void lines.push(`${JSON.stringify(record)}\n`),
    /** Resolves when all of them are in the file. */
    write,
  };
}
