import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { Journal } from "./journal.js";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "muove-journal-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** What a journal says, as far as it is whole. */
function read(path: string): string[] {
  const entries: string[] = [];
  Journal.open(path, ({ what, bytes }) => entries.push(`${(what as { n: number }).n} ${bytes.toString()}`)).close();
  return entries;
}

function written(path: string, count: number): string[] {
  const journal = Journal.open(path, () => {});
  const all = Array.from({ length: count }, (_, n) => `${n} bytes of ${n}`);
  for (let n = 0; n < count; n++) journal.write({ n }, Buffer.from(`bytes of ${n}`));
  journal.close();
  return all;
}

describe("a journal", () => {
  it("JOURNAL-1: has each entry when it was written, without being closed", () => {
    const path = folder();
    const journal = Journal.open(path, () => {});
    journal.write({ n: 1 }, Buffer.from("one"));
    journal.write({ n: 2 });
    expect(read(path)).toEqual(["1 one", "2 "]);
    journal.close();
  });

  it("JOURNAL-2: cuts off half an entry, wherever it ends, and goes on there", () => {
    const path = folder();
    const all = written(path, 3);
    const file = join(path, "journal");
    const { size } = statSync(file);
    for (let cut = 1; cut < size; cut += 3) {
      writeFileSync(file, readFileSync(file).subarray(0, 0));
      written(path, 3);
      truncateSync(file, size - cut);
      const left = read(path);
      expect(left).toEqual(all.slice(0, left.length));
      expect(left.length).toBeLessThan(3);
      const journal = Journal.open(path, () => {});
      journal.write({ n: 9 }, Buffer.from("more"));
      journal.close();
      expect(read(path)).toEqual([...left, "9 more"]);
    }
  });

  it("JOURNAL-2: keeps what comes before a flipped bit", () => {
    const path = folder();
    const all = written(path, 5);
    const file = join(path, "journal");
    const bytes = readFileSync(file);
    const middle = bytes.indexOf("bytes of 3");
    bytes[middle] = (bytes[middle] as number) ^ 4;
    writeFileSync(file, bytes);
    expect(read(path)).toEqual(all.slice(0, 3));
  });

  it("JOURNAL-2: takes nothing from a file that is no journal", () => {
    const path = folder();
    appendFileSync(join(path, "journal"), "this is something else, and long enough for the head of an entry");
    expect(read(path)).toEqual([]);
  });

  it("JOURNAL-3: is replaced by what says the same", () => {
    const path = folder();
    written(path, 100);
    const journal = Journal.open(path, () => {});
    journal.rewrite([{ what: { n: 7 }, bytes: Buffer.from("all") }]);
    journal.write({ n: 8 }, Buffer.from("more"));
    journal.close();
    expect(read(path)).toEqual(["7 all", "8 more"]);
  });
});
