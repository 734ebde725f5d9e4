// Every NATS in the documentation and the examples bounds how long a silent connection gets messages.
// (test/containers/kubernetes.test.ts checks that the manifests' ConfigMap is the shop's nats.conf.)

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../..", import.meta.url));
const aside = new Set(["node_modules", "dist", ".git"]);

/** All files with that name, in any folder. */
function files(name: string, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return aside.has(entry.name) ? [] : files(name, join(folder, entry.name));
    return entry.name === name ? [join(folder, name)] : [];
  });
}

const number = (pattern: RegExp, text: string): number => Number(pattern.exec(text)?.[1]);

test.each(files("nats.conf"))("%s bounds silent connections, and states the bound", (file) => {
  const config = readFileSync(file, "utf8");
  const interval = number(/^ping_interval: "(\d+)s"$/m, config);
  const most = number(/^ping_max: (\d+)$/m, config);
  const said = number(/ping_interval × \(ping_max \+ 2\) = (\d+) s/, config.replaceAll("\n# ", " "));
  expect(said).toBe(interval * (most + 2));
  expect(said).toBeLessThanOrEqual(10);
});

test.each(files("compose.yaml"))("%s mounts such a configuration", (file) => {
  const { nats } = parse(readFileSync(file, "utf8"), { merge: true }).services;
  const [, target] = nats.command;
  const [source, mounted] = nats.volumes[0].split(":");
  expect(nats.command[0]).toBe("-c");
  expect(mounted).toBe(target);
  expect(files("nats.conf")).toContain(resolve(dirname(file), source));
});

test("there are several files of each kind", () => {
  expect(files("nats.conf").length).toBeGreaterThanOrEqual(2);
  expect(files("compose.yaml").length).toBeGreaterThanOrEqual(2);
});
