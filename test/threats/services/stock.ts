import { answer } from "@muove/testkit/child";
import { connect, supervised } from "muove";
import { countedLog } from "./counted-log.js";
import { serveStock } from "./serve.js";
import { vitals } from "./vitals.js";

// The attacked service, in its own process. It can be asked what its handlers did, and for its vitals.

const { NATS_URL, CONCURRENCY, BACKLOG } = process.env;
const log = countedLog();
const bus = connect({ service: "stock", servers: NATS_URL, logger: log.logger });
const { ledger } = serveStock(bus, {
  concurrency: CONCURRENCY === undefined ? undefined : Number(CONCURRENCY),
  backlog: BACKLOG === undefined ? undefined : Number(BACKLOG),
});

answer({
  ...vitals(bus, log),
  ledger: () => ({ ...ledger, ids: ledger.ids.length }),
  /** Those of the ids that the ledger has. */
  has: (ids: readonly string[]) => {
    const known = new Set(ledger.ids);
    return ids.filter((id) => known.has(id));
  },
});
supervised(bus);
bus.on("connected", () => process.send?.("ready"));
