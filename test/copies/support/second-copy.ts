import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export type Muove = typeof import("muove");

const packages = fileURLToPath(new URL("../../../packages", import.meta.url));

const names = { muove: "muove", contract: "@muove/contract" };

/** Installs what is published of the SDK and of its contract in a folder of its own. */
export class Copy {
  readonly #folder = mkdtempSync(join(tmpdir(), "muove-copy-"));
  /** Where the SDK is. */
  readonly entry = join(this.#folder, "node_modules", "muove", "dist", "index.js");

  constructor() {
    const modules = join(this.#folder, "node_modules");
    for (const [from, name] of Object.entries(names)) {
      const [source, target] = [join(packages, from), join(modules, name)];
      cpSync(join(source, "dist"), join(target, "dist"), { recursive: true });
      const { publishConfig, ...manifest } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
      writeFileSync(join(target, "package.json"), JSON.stringify({ ...manifest, ...publishConfig }));
    }
    linkDependencies(join(packages, "muove", "node_modules"), modules);
  }

  /** Loads it. It shares no module of Muove with any other copy. */
  load(): Promise<Muove> {
    return import(/* @vite-ignore */ pathToFileURL(this.entry).href);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function linkDependencies(from: string, to: string): void {
  const names = readdirSync(from).flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(from, name)).map((inner) => `${name}/${inner}`) : [name],
  );
  for (const name of names.filter((name) => !name.startsWith(".") && !name.startsWith("@muove/"))) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    symlinkSync(realpathSync(join(from, name)), join(to, name));
  }
}
