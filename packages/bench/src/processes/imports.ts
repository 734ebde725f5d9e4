import { Session } from "node:inspector";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { answer, ready } from "@muove/testkit/child";

// Imports packages and measures that: `imports.js time|count <whose packages> <package>…`. Counting slows it down, so
// it does only one of them.

/** JavaScript modules only, without native ones and JSON. */
export interface Modules {
  readonly modules: number;
  readonly bytes: number;
}

const [how, base = import.meta.url, ...specifiers] = process.argv.slice(2);
const imported = how === "count" ? await count() : await time();
answer({ imported: () => imported });
process.channel?.ref(); // Nothing else keeps the process alive.
ready();

/** In ms. */
async function time(): Promise<number> {
  const start = performance.now();
  await importAll();
  return performance.now() - start;
}

async function count(): Promise<Modules> {
  let [modules, bytes] = [0, 0];
  const session = new Session();
  session.connect();
  session.post("Debugger.enable"); // Reports modules that are already loaded too.
  session.on("Debugger.scriptParsed", ({ params: { url, length = 0 } }) => {
    if (!url.startsWith("file:") && !url.startsWith("/")) return;
    modules++;
    bytes += length;
  });
  await importAll();
  session.disconnect();
  return { modules, bytes };
}

async function importAll(): Promise<void> {
  const { resolve } = createRequire(base);
  for (const specifier of specifiers) await import(pathToFileURL(resolve(specifier)).href);
}
