import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Checks a commit out into a folder of its own, and installs and builds it there with its own script. */
export class Checkout {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async of(ref: string): Promise<Checkout> {
    const folder = await mkdtemp(join(tmpdir(), "muove-compare-"));
    const checkout = new Checkout(folder);
    try {
      await run("git", ["worktree", "add", "--detach", folder, ref], { cwd: root });
      const script = pathToFileURL(join(folder, "scripts", "workspace.mjs"));
      const prepare = `await (await import(${JSON.stringify(script)})).prepare();`;
      await run(process.execPath, ["--input-type=module", "--eval", prepare]);
      return checkout;
    } catch (error) {
      await checkout[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The programs of its benchmark. */
  get processes(): URL {
    return new URL("packages/bench/dist/processes/", pathToFileURL(`${this.#folder}/`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    await run("git", ["worktree", "prune"], { cwd: root });
  }
}
