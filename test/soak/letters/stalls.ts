import type { Trouble } from "./records.js";

const interval = 250;
/** A timer that is so late, in ms, shows that its process stood still. */
const late = 500;

/** Records when this process stands still, on a busy machine or when it was stopped. */
export function recordStalls(of: string, keep: (record: Trouble) => void): void {
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > interval + late) keep({ type: "trouble", what: "stood still", of, from: last, to: now });
    last = now;
  }, interval).unref();
}
