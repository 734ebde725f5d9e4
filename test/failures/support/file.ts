import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** The path of a file that the test can write, and that is deleted after it. */
export function temporaryFile(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), "muove-failures-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, name);
}
