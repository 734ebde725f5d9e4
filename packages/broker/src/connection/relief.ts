import type { Holdings } from "../bounds/holdings.js";
import type { Connection } from "./connection.js";

/**
 * The share that the holdings are reduced to when they exceed the maximum, so that this does not run for every message.
 */
const enough = 0.75;

/** Closes the connections with the most held bytes, until enough is freed. */
export function relieve(holdings: Holdings, connections: readonly Connection[]): void {
  const ranked = connections.map((connection) => ({ connection, held: connection.held }));
  ranked.sort((one, other) => other.held - one.held);
  for (const { connection } of ranked) {
    if (holdings.used <= holdings.most * enough) return;
    connection.cut();
  }
}
