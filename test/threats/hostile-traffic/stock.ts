import { setTimeout as sleep } from "node:timers/promises";
import { answer } from "@muove/testkit/child";
import { connect, supervised } from "muove";
import { countedLog } from "../services/counted-log.js";
import { vitals } from "../services/vitals.js";
import { stock } from "./contract.js";
import { recorder } from "./records.js";

// An instance of the attacked service. It records every start of a handler, and publishes an event now and then.

const { NATS_URL, FOLDER = ".", NAME = "stock" } = process.env;
const log = countedLog();
const bus = connect({ service: "stock", servers: NATS_URL, tags: { region: "eu" }, logger: log.logger });
const by = bus.status.instance;
const records = recorder(FOLDER, NAME);

function compute({ id, ms }: { id: string; ms: number }): { by: string } {
  records.keep({ type: "started", id, by });
  const end = performance.now() + ms;
  while (performance.now() < end);
  return { by };
}

const own = bus.serve(
  stock,
  {
    once: compute,
    again: compute,
    tell: ({ id }) => records.keep({ type: "started", id, by }),
    wait: ({ ms }, { signal }) => sleep(ms, undefined, { signal }).catch(() => undefined),
    crash() {
      throw new Error("a handler threw");
    },
  },
  { handlerTimeout: 500 },
);
let published = 0;
const publishing = setInterval(() => own.publish.sold({ id: `${by} ${published++}` }), 100);

answer({
  ...vitals(bus, log),
  async stop() {
    clearInterval(publishing);
    await records.write();
    return published;
  },
});
supervised(bus);
bus.on("connected", () => process.send?.("ready"));
