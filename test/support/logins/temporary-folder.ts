import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that is deleted after the test, beside those of the kit's servers. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), "muove-logins-"));

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** The path of a file in it, whether it is there or not. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** Returns the file's path. */
  write(name: string, text: string): string {
    writeFileSync(this.file(name), text);
    return this.file(name);
  }

  /** A line for the configuration of a server of the kit, which looks for what it includes from its own folder. */
  included(name: string): string {
    return `include "../${basename(this.path)}/${name}"`;
  }
}
