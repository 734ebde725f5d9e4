import type { Nats, NatsConfig, NatsOptions } from "@muove/testkit";
import { type Tools, tableTest } from "../../support/table-test.js";
import { type RowId, rows } from "./rows.js";

/** What a test of a row has at hand. Everything that its kit starts is gone afterwards. */
export interface Fault extends Tools {
  /** Starts the NATS that the row is tested on. */
  nats(options?: { readonly config?: NatsConfig; readonly start?: boolean }): Promise<Nats>;
}

/**
 * A test of a row of the failure table. It runs against a real nats-server, and against the embedded broker too where the
 * row says so. Its figures go into docs/failures.md; see scripts/failures.mjs.
 */
export function failure(id: RowId, title: string, run: (fault: Fault) => Promise<void>, timeout = 60_000): void {
  const kinds = rows[id].embedded ? (["embedded", "nats-server"] as const) : (["nats-server"] as const);
  tableTest({ table: "failures", id, title, kinds, timeout }, async (tools) => {
    const nats: Fault["nats"] = (options = {}) => tools.kit.nats({ ...options, on: tools.on } as NatsOptions);
    await run({ ...tools, nats });
  });
}
