import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { answer } from "@muove/testkit/child";
import { connect, healthHandler, supervised } from "muove";
import { worker } from "./contract.js";
import { heapInUse } from "./heap.js";

// The service that the failure tests kill, stop or cut off. It can be asked for its status, its health and its notes.
// CREDENTIALS: a file with its credentials, read at every dial. HEALTH_PORT: where it serves its health over HTTP.
// TAGS: its tags, in JSON. JOURNAL: a file that its notes also go to, and that outlives it.

const { NATS_URL, CREDENTIALS, HEALTH_PORT, TAGS } = process.env;
const fromFile = CREDENTIALS && { credentials: () => JSON.parse(readFileSync(CREDENTIALS, "utf8")) };
const bus = connect({ service: "worker", servers: NATS_URL, ...fromFile, ...(TAGS && { tags: JSON.parse(TAGS) }) });
const notes: string[] = [];

function keep(text: string): void {
  notes.push(text);
  if (process.env.JOURNAL) appendFileSync(process.env.JOURNAL, `${text}\n`);
}

/** Measured in CPU time, so that it is the same work on a busy machine, though it takes longer. */
function compute(ms: number): void {
  const begin = process.cpuUsage();
  for (let used = 0; used < ms; ) {
    const { user, system } = process.cpuUsage(begin);
    used = (user + system) / 1_000;
  }
}

bus.serve(
  worker,
  {
    echo: ({ text }) => ({ text }),
    who: () => bus.status.instance,
    hello: () => "hello",
    ponder: () => sleep(150, "done"),
    spin({ ms }) {
      compute(ms);
      return { ms };
    },
    toil: ({ ms }) => compute(ms),
    record: ({ text }) => keep(text),
    async wait({ ms }, ctx) {
      const aborted = await sleep(ms, false, { signal: ctx.signal }).catch(() => true);
      if (aborted) notes.push("aborted");
      return { aborted };
    },
    crash({ how }) {
      if (how === "throws") throw new Error("the secret of the worker");
      return Promise.reject(new Error("the secret of the worker"));
    },
    hang: () => new Promise(() => {}),
    large: ({ bytes }) => ({ text: "x".repeat(bytes) }),
    note: ({ text }) => keep(text),
  },
  { concurrency: Number(process.env.CONCURRENCY ?? 64), backlog: Number(process.env.BACKLOG ?? 1_024) },
);

answer({
  status: () => bus.status,
  health: () => bus.health,
  notes: () => notes,
  memory: heapInUse,
  cpu: () => process.cpuUsage(),
  loop: () => performance.eventLoopUtilization(),
  resident: () => process.memoryUsage().rss,
});

const health = healthHandler(bus, { details: true });
if (HEALTH_PORT) createServer(health).listen(Number(HEALTH_PORT), "127.0.0.1");

supervised(bus);
