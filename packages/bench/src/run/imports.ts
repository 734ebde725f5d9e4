import { existsSync } from "node:fs";
import type { Modules } from "../processes/imports.js";
import { spread } from "../statistics.js";
import type { Bench } from "./bench.js";
import { startProcess } from "./start-process.js";

/** What an import loads, and its time in ms with a warm file cache. */
export interface ImportSize extends Modules {
  readonly ms: number;
}

const here = import.meta.url;
const peers = new URL("../../peers/package.json", import.meta.url);
const times = 5;

/** Packages that are imported together, and from where. */
const packages: readonly { readonly name: string; readonly from: string; readonly all: readonly string[] }[] = [
  { name: "muove", from: here, all: ["muove"] },
  { name: "zod, for the contracts", from: here, all: ["zod"] },
  { name: "@nats-io/transport-node", from: here, all: ["@nats-io/transport-node"] },
  { name: "moleculer, nats", from: peers.href, all: ["moleculer", "nats"] },
  {
    name: "@nestjs/core, /microservices, rxjs, nats",
    from: peers.href,
    all: ["reflect-metadata", "@nestjs/core", "@nestjs/microservices", "rxjs", "nats"],
  },
  { name: "fastify, undici", from: peers.href, all: ["fastify", "undici"] },
  {
    name: "@grpc/grpc-js, /proto-loader",
    from: peers.href,
    all: ["@grpc/grpc-js", "@grpc/proto-loader"],
  },
];

export async function imports(bench: Bench): Promise<Readonly<Record<string, ImportSize>>> {
  const sizes: Record<string, ImportSize> = {};
  for (const { name, from, all } of packages) {
    if (from === peers.href && !existsSync(new URL("node_modules", peers))) continue;
    const size = await imported<Modules>(bench, "count", from, all);
    const ms: number[] = [];
    for (let i = 0; i < times; i++) ms.push(await imported<number>(bench, "time", from, all));
    sizes[name] = { ...size, ms: spread(ms).median };
  }
  return sizes;
}

async function imported<T>(bench: Bench, how: "time" | "count", from: string, all: readonly string[]): Promise<T> {
  const importer = await startProcess(bench, "imports", how, from, ...all);
  const found = await importer.ask<T>("imported");
  await importer.kill();
  return found;
}
