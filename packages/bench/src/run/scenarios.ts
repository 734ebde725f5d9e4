import type { Kind } from "../contenders/index.js";
import type { Load } from "../load/load.js";

export interface Scenario {
  readonly kind: Kind;
  readonly load: Omit<Load, "seconds">;
}

/** The loads for contenders, by name. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  "requests-1": { kind: "requests", load: { inFlight: 1, bytes: 100 } },
  "requests-64": { kind: "requests", load: { inFlight: 64, bytes: 100 } },
  "requests-1024": { kind: "requests", load: { inFlight: 1_024, bytes: 100 } },
  "payload-1k": { kind: "payload", load: { inFlight: 64, bytes: 1_024 } },
  "payload-64k": { kind: "payload", load: { inFlight: 16, bytes: 65_536 } },
  mailboxes: { kind: "mailboxes", load: { inFlight: 64, bytes: 100 } },
  casts: { kind: "casts", load: { inFlight: 768, bytes: 100, casts: true } },
};
