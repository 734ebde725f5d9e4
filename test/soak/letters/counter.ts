import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { answer, ready } from "@muove/testkit/child";
import { connect, supervised } from "muove";
import { backlog } from "./contract.js";

// An owner that counts its letters. LETTERS: how many there are in all, numbered from 0.

const { NATS_URL, LETTERS } = process.env;
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const bus = connect({ service: "counter", servers: NATS_URL });
/** How often each was handled. It is as large from the beginning as at the end, as memory is measured. */
const times = new Uint8Array(Number(LETTERS));
let handled = 0;

answer({
  /** Begins with the letters. */
  serve() {
    bus.serve(backlog, {
      count({ number }) {
        times[number] = (times[number] ?? 0) + 1;
        handled++;
      },
    });
  },
  handled: () => handled,
  times: () => times,
  /** The bytes that are in use after a collection of garbage. */
  heap() {
    collect();
    return process.memoryUsage().heapUsed;
  },
  resident: () => process.memoryUsage().rss,
});
supervised(bus);
ready();
