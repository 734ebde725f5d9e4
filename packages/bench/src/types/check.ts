import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Program } from "./programs.js";

const modules = fileURLToPath(new URL("../../../../node_modules/", import.meta.url));

/** The compiler's own figures of one run. */
export interface Cost {
  /** In seconds; with the declarations, if they were written. */
  readonly seconds: number;
  /** In MB. */
  readonly memory: number;
}

/** @returns its folder, in which packages are found as in an application. */
export function writeProgram(name: string, program: Program): string {
  const folder = join(modules, ".muove-types", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of program) writeFileSync(join(folder, file), text);
  const compilerOptions = { target: "es2023", module: "nodenext", strict: true, skipLibCheck: true, types: [] };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  return folder;
}

/** @throws if the program has a mistake. */
export function compiled(compiler: string, folder: string, declarations: boolean): Cost {
  const emit = declarations
    ? ["--declaration", "--emitDeclarationOnly", "--outDir", join(folder, "out")]
    : ["--noEmit"];
  const args = [join(modules, compiler, "bin", "tsc"), "-p", folder, "--extendedDiagnostics", ...emit];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${folder} does not compile:\n${stdout.slice(0, 2_000)}`);
  const figure = (name: string): number => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1] ?? 0);
  const writing = declarations ? figure("Declaration emit time") || figure("Emit time") : 0;
  return { seconds: figure("Check time") + writing, memory: figure("Memory used") / 1_000 };
}
