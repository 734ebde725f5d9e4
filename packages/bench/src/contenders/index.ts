import { existsSync } from "node:fs";
import type { Contender } from "./contender.js";

/** A contender's module, and the kinds of scenarios that it takes part in. */
interface Entry {
  load(): Promise<Contender>;
  readonly kinds: readonly Kind[];
  /** Whether it needs packages that only `npm run bench` installs. */
  readonly peer?: true;
  /** Whether it has no broker between. */
  readonly direct?: true;
}

/** The kinds of scenarios: requests in flight, sizes, casts, many mailboxes. */
export type Kind = "requests" | "payload" | "casts" | "mailboxes";

/** The folder of the other contenders, with its own dependencies; see its package.json. */
const peers = new URL("../../peers/", import.meta.url);

/** Each is loaded only in its own processes. */
const entries: Readonly<Record<string, Entry>> = {
  muove: { load: () => muove(1), kinds: ["requests", "payload", "casts"] },
  // Those with many mailboxes are compared with one that is equally cold.
  "muove-1": { load: () => muove(1), kinds: ["mailboxes"] },
  "muove-1-of-1000": { load: () => muove(1_000, 1), kinds: ["mailboxes"] },
  "muove-1000": { load: () => muove(1_000), kinds: ["mailboxes"] },
  official: {
    load: async () => (await import("./official.js")).official,
    kinds: ["requests", "payload", "casts"],
  },
  services: { load: () => peer("services"), kinds: ["requests", "payload"], peer: true },
  moleculer: { load: () => peer("moleculer"), kinds: ["requests", "payload"], peer: true },
  nestjs: { load: () => peer("nestjs"), kinds: ["requests", "payload"], peer: true },
  undici: { load: () => peer("undici"), kinds: ["requests", "payload"], peer: true, direct: true },
  fetch: { load: () => peer("fetch"), kinds: ["requests", "payload"], peer: true, direct: true },
  grpc: { load: () => peer("grpc"), kinds: ["requests", "payload"], peer: true, direct: true },
  "wire-values": {
    load: async () => (await import("./wire/wire-values.js")).wireValues,
    kinds: ["requests", "payload"],
  },
  wire: { load: () => wire(1), kinds: ["requests", "payload"] },
  "wire-1": { load: () => wire(1), kinds: ["mailboxes"] },
  "wire-1000": { load: () => wire(1_000), kinds: ["mailboxes"] },
};

export const contenderNames: readonly string[] = Object.keys(entries);

export function takesPart(name: string, kind: Kind): boolean {
  return entries[name]?.kinds.includes(kind) ?? false;
}

/** Whether it has no broker between: its caller needs the address of its service. */
export function isDirect(name: string): boolean {
  return entries[name]?.direct ?? false;
}

/** Whether its packages are installed. */
export function isInstalled(name: string): boolean {
  return entries[name]?.peer === undefined || existsSync(new URL("node_modules", peers));
}

export async function loadContender(name: string | undefined): Promise<Contender> {
  const entry = entries[name ?? ""];
  if (entry === undefined) throw new Error(`no contender is called ${name}: there are ${contenderNames.join(", ")}`);
  return await entry.load();
}

async function muove(mailboxes: number, asked = mailboxes): Promise<Contender> {
  const { muoveWith } = await import("./muove.js");
  return muoveWith(mailboxes, asked);
}

async function wire(subjects: number): Promise<Contender> {
  const { wireWith } = await import("./wire/wire.js");
  return wireWith(subjects);
}

async function peer(name: string): Promise<Contender> {
  const { contender } = (await import(`${peers}${name}.mjs`)) as { contender: Contender };
  return contender;
}
