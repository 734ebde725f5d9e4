import type { Load } from "../load/closed-loop.js";

/** The loads that every contender is put under, by name: what is under way at a time, and bytes each way. */
export const scenarios: Readonly<Record<string, Omit<Load, "seconds">>> = {
  "requests-1": { inFlight: 1, bytes: 100 },
  "requests-64": { inFlight: 64, bytes: 100 },
  "requests-1024": { inFlight: 1_024, bytes: 100 },
  "payload-1k": { inFlight: 64, bytes: 1_024 },
  "payload-64k": { inFlight: 16, bytes: 65_536 },
};
