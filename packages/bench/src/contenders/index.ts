import { existsSync } from "node:fs";
import type { Contender } from "./contender.js";

/** The folder of what Muove is compared with, which has dependencies of its own: see its package.json. */
const peers = new URL("../../peers/", import.meta.url);

/** Every contender, and where it is. Loaded one at a time, in processes of their own. */
const modules: Readonly<Record<string, () => Promise<Contender>>> = {
  muove: async () => (await import("./muove.js")).muove,
  official: async () => (await import("./official.js")).official,
  services: () => peer("services"),
  moleculer: () => peer("moleculer"),
  nestjs: () => peer("nestjs"),
  "wire-values": async () => (await import("./wire/wire-values.js")).wireValues,
  wire: async () => (await import("./wire/wire.js")).wire,
};

export const contenderNames: readonly string[] = Object.keys(modules);

/** Whether the dependencies of the peers are installed: `npm run bench` does it. */
export function peersInstalled(): boolean {
  return existsSync(new URL("node_modules", peers));
}

export async function loadContender(name: string | undefined): Promise<Contender> {
  const load = modules[name ?? ""];
  if (load === undefined) throw new Error(`no contender is called ${name}: there are ${contenderNames.join(", ")}`);
  return await load();
}

async function peer(name: string): Promise<Contender> {
  const { contender } = (await import(`${peers}${name}.mjs`)) as { contender: Contender };
  return contender;
}
