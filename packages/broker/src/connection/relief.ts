import type { Holdings } from "../bounds/holdings.js";
import type { Connection } from "./connection.js";

/** How far the holdings go down when they were too much, so that this is not done again for every message. */
const enough = 0.75;

/** Cuts those connections for which most is held, until enough has gone. */
export function relieve(holdings: Holdings, connections: readonly Connection[]): void {
  const ranked = connections.map((connection) => ({ connection, held: connection.held }));
  ranked.sort((one, other) => other.held - one.held);
  for (const { connection } of ranked) {
    if (holdings.used <= holdings.most * enough) return;
    connection.cut();
  }
}
