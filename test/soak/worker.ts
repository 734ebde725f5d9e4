import { setTimeout as sleep } from "node:timers/promises";
import { answer, ready } from "@muove/testkit/child";
import { connect, supervised } from "muove";
import { soak } from "./contract.js";
import { keeper } from "./records.js";

// A worker of the soak. It records every start of a handler, then works for as long as the input says.

const { NATS_URL, FOLDER = ".", NAME = "worker" } = process.env;
const bus = connect({ service: "worker", servers: NATS_URL, pingInterval: 500 });
const by = `${NAME}-${bus.status.instance}`;
const keep = keeper(FOLDER, by);

async function work(
  { id, ms }: { id: string; ms: number },
  { signal }: { signal: AbortSignal },
): Promise<{ by: string }> {
  keep({ type: "started", id, by });
  if (ms > 0) await sleep(ms, undefined, { signal });
  return { by };
}

bus.serve(
  soak,
  {
    once: work,
    again: work,
    tell: ({ id }) => keep({ type: "started", id, by }),
  },
  { concurrency: 8, backlog: 64 },
);

answer({ status: () => bus.status });
supervised(bus);
ready();
