import { appendFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Testkit, testkit } from "@muove/testkit";
import { describe, test } from "vitest";
import { natsServer, natsServerSince, type Oldest, withServerSince } from "./nats-server.js";

// Tests of the rows of a table in the docs: the failure table or the threat table.

export type Kind = "embedded" | "nats-server";

/** A test of a row of a table. */
export interface TableTest {
  /** Figures go to node_modules/.muove-<table>, for docs/<table>.md. */
  readonly table: "failures" | "threats";
  /** The id of the row. */
  readonly id: string;
  readonly title: string;
  readonly kinds: readonly Kind[];
  /** The oldest nats-server that it can run on. Default: any. */
  readonly oldest?: Oldest | undefined;
  /** ms */
  readonly timeout: number;
}

/** The tools of every test of a row. Everything that its kit starts is ended after the test. */
export interface Tools {
  readonly kit: Testkit;
  readonly on: Kind;
  /** Prints and keeps a measured value, in ms unless the unit says otherwise, for the table's page. */
  figure(what: string, value: number, unit?: string): void;
}

/** Runs once on each kind of NATS; on nats-server if there is one. */
export function tableTest(about: TableTest, run: (tools: Tools) => Promise<void>): void {
  const { id, title, kinds, oldest, timeout } = about;
  const needed = oldest === undefined ? "[needs nats-server]" : `[needs nats-server ${oldest.join(".")} or later]`;
  for (const kind of kinds) {
    const missing = kind === "nats-server" && !(oldest === undefined ? natsServer : natsServerSince(oldest));
    describe.skipIf(missing)(kind === "nats-server" ? needed : "on the embedded broker", () => {
      const work = () => withKit(about, kind, run);
      test(`${id}: ${title}`, { timeout }, () => (oldest === undefined ? work() : withServerSince(oldest, work)));
    });
  }
}

async function withKit(about: TableTest, on: Kind, run: (tools: Tools) => Promise<void>): Promise<void> {
  const kit = testkit();
  try {
    await run({ kit, on, figure: (what, value, unit = "ms") => keep(about, { on, what, value, unit }) });
  } finally {
    await kit.close();
  }
}

interface Figure {
  readonly on: Kind;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

function keep({ table, id, title }: TableTest, figure: Figure): void {
  const { on, what, value, unit } = figure;
  process.stdout.write(`${id} on ${on}: ${what}: ${Math.round(value * 10) / 10} ${unit}\n`);
  const folder = fileURLToPath(new URL(`../../node_modules/.muove-${table}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  appendFileSync(`${folder}figures.jsonl`, `${JSON.stringify({ id, title, ...figure })}\n`);
}
