import { appendFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findNatsServer, type Nats, type NatsConfig, type NatsOptions, type Testkit, testkit } from "@muove/testkit";
import { describe, test } from "vitest";
import { type RowId, rows } from "./rows.js";

type Kind = "embedded" | "nats-server";

/** What a test of a row has at hand. Everything that its kit starts is gone afterwards. */
export interface Fault {
  readonly kit: Testkit;
  readonly on: Kind;
  /** Starts the NATS that the row is tested on. */
  nats(options?: { readonly config?: NatsConfig; readonly start?: boolean }): Promise<Nats>;
  /** Keeps and prints what was measured, in ms unless the unit says otherwise. It goes into docs/failures.md. */
  figure(what: string, value: number, unit?: string): void;
}

/** Where the figures of a run are kept, for docs/failures.md; see scripts/failures.mjs. */
const figures = fileURLToPath(new URL("../../../node_modules/.muove-failures/", import.meta.url));

/**
 * A test of a row of the failure table. It runs against a real nats-server, and against the embedded broker too where the
 * row says so.
 */
export function failure(id: RowId, title: string, run: (fault: Fault) => Promise<void>, timeout = 60_000): void {
  const kinds: readonly Kind[] = rows[id].embedded ? ["embedded", "nats-server"] : ["nats-server"];
  for (const kind of kinds) {
    const missing = kind === "nats-server" && findNatsServer() === undefined;
    describe.skipIf(missing)(kind === "nats-server" ? "[needs nats-server]" : "on the embedded broker", () => {
      test(`${id}: ${title}`, { timeout }, () => withKit(id, title, kind, run));
    });
  }
}

async function withKit(id: RowId, title: string, on: Kind, run: (fault: Fault) => Promise<void>): Promise<void> {
  const kit = testkit();
  try {
    const nats: Fault["nats"] = (options = {}) => kit.nats({ ...options, on } as NatsOptions);
    const figure: Fault["figure"] = (what, value, unit = "ms") => keep({ id, title, on, what, value, unit });
    await run({ kit, on, nats, figure });
  } finally {
    await kit.close();
  }
}

function keep(figure: { id: RowId; title: string; on: Kind; what: string; value: number; unit: string }): void {
  const { id, on, what, value, unit } = figure;
  process.stdout.write(`${id} on ${on}: ${what}: ${Math.round(value * 10) / 10} ${unit}\n`);
  mkdirSync(figures, { recursive: true });
  appendFileSync(`${figures}figures.jsonl`, `${JSON.stringify(figure)}\n`);
}
