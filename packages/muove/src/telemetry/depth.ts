import type { Meter } from "@opentelemetry/api";

/** How much there is in a mailbox at the moment, or with a listener. */
export interface Depth {
  readonly waiting: number;
  readonly running: number;
}

/** All that are open in this process, with their names. */
const open = new Map<Depth, string>();
/** Those that ever were, so that one that has closed is told of as empty: else its last figures would stand. */
const names = new Set<string>();

/** Measures it whenever metrics are collected; returns what ends that. */
export function measureDepth(name: string, depth: Depth): () => void {
  names.add(name);
  open.set(depth, name);
  return () => void open.delete(depth);
}

/** The instrument for it. */
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

/** Several buses of a process may serve one mailbox, or listen to one event. */
function depthByName(): Map<string, Depth> {
  const sums = new Map<string, Depth>([...names].map((name) => [name, { waiting: 0, running: 0 }]));
  for (const [{ waiting, running }, name] of open) {
    const sum = sums.get(name) ?? { waiting: 0, running: 0 };
    sums.set(name, { waiting: sum.waiting + waiting, running: sum.running + running });
  }
  return sums;
}
