import type { Contender } from "./contender.js";

/** Every contender, and where it is. Loaded one at a time, in processes of their own. */
const modules: Readonly<Record<string, () => Promise<Contender>>> = {
  muove: async () => (await import("./muove.js")).muove,
  official: async () => (await import("./official.js")).official,
  wire: async () => (await import("./wire/wire.js")).wire,
  "wire-values": async () => (await import("./wire/wire-values.js")).wireValues,
};

export const contenderNames: readonly string[] = Object.keys(modules);

export async function loadContender(name: string | undefined): Promise<Contender> {
  const load = modules[name ?? ""];
  if (load === undefined) throw new Error(`no contender is called ${name}: there are ${contenderNames.join(", ")}`);
  return await load();
}
