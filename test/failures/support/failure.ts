import type { Nats, NatsConfig, NatsOptions } from "@muove/testkit";
import { type Kind, type Tools, tableTest } from "../../support/table-test.js";
import { type Row, type RowId, rows } from "./rows.js";

/** The tools of a test of a row. Everything that its kit starts is ended after the test. */
export interface Fault extends Tools {
  /** Starts a NATS of the kind that the test runs on. */
  nats(options?: {
    readonly config?: NatsConfig;
    readonly start?: boolean;
    readonly jetStream?: boolean;
  }): Promise<Nats>;
}

/**
 * A test of a row of the failure table. It runs on a nats-server, and on the embedded broker if the row says so. Its
 * figures go into docs/failures.md; see scripts/failures.mjs.
 */
export function failure(id: RowId, title: string, run: (fault: Fault) => Promise<void>, timeout = 60_000): void {
  define(rows[id].embedded ? ["embedded", "nats-server"] : ["nats-server"], id, title, run, timeout);
}

/** A test of what only a nats-server has, in a row that runs on both. */
export function serverFailure(id: RowId, title: string, run: (fault: Fault) => Promise<void>, timeout = 60_000): void {
  define(["nats-server"], id, title, run, timeout);
}

function define(
  kinds: readonly Kind[],
  id: RowId,
  title: string,
  run: (fault: Fault) => Promise<void>,
  timeout: number,
): void {
  const { oldest }: Row = rows[id];
  tableTest({ table: "failures", id, title, kinds, oldest, timeout }, async (tools) => {
    const nats: Fault["nats"] = (options = {}) => tools.kit.nats({ ...options, on: tools.on } as NatsOptions);
    await run({ ...tools, nats });
  });
}
