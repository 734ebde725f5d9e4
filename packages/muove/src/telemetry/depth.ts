import type { Meter } from "@opentelemetry/api";

/** How many messages a mailbox or a listener has at the moment. */
export interface Depth {
  readonly waiting: number;
  readonly running: number;
}

/** All open mailboxes and listeners of this process, with their names. */
const open = new Map<Depth, string>();
/** All names ever used, so that a closed one is reported as empty. Otherwise its last value would stay. */
const names = new Set<string>();

/** Reports it whenever metrics are collected. Returns a function that stops that. */
export function measureDepth(name: string, depth: Depth): () => void {
  names.add(name);
  open.set(depth, name);
  return () => void open.delete(depth);
}

/** Creates the instrument. */
export function depthGauge(meter: Meter): void {
  const gauge = meter.createObservableUpDownCounter("muove.mailbox.messages", {
    unit: "{message}",
    description: "Messages that wait for a handler, and those that are being handled",
  });
  gauge.addCallback((result) => {
    for (const [name, { waiting, running }] of depthByName()) {
      result.observe(waiting, { "muove.mailbox": name, "muove.state": "waiting" });
      result.observe(running, { "muove.mailbox": name, "muove.state": "running" });
    }
  });
}

/** Several buses of a process may serve the same mailbox or listen to the same event. */
function depthByName(): Map<string, Depth> {
  const sums = new Map<string, Depth>([...names].map((name) => [name, { waiting: 0, running: 0 }]));
  for (const [{ waiting, running }, name] of open) {
    const sum = sums.get(name) ?? { waiting: 0, running: 0 };
    sums.set(name, { waiting: sum.waiting + waiting, running: sum.running + running });
  }
  return sums;
}
