import { setTimeout as sleep } from "node:timers/promises";
import { answer } from "@muove/testkit/child";
import { connect, supervised } from "muove";
import { worker } from "./contract.js";

// The service that the failure tests take away. It can be asked for its status, its health and what it has noted.

const bus = connect({ service: "worker", servers: process.env.NATS_URL });
const notes: string[] = [];

bus.serve(
  worker,
  {
    echo: ({ text }) => ({ text }),
    spin({ ms }) {
      const end = performance.now() + ms;
      while (performance.now() < end);
      return { ms };
    },
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
    note({ text }) {
      notes.push(text);
    },
  },
  { concurrency: Number(process.env.CONCURRENCY ?? 64) },
);

answer({
  status: () => bus.status,
  health: () => bus.health,
  notes: () => notes,
  memory: () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  },
});
supervised(bus);
