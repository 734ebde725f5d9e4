import type { Mailbox } from "@muove/contract";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Clients } from "../client/client.js";
import type { ServeEnvironment } from "./serve-environment.js";

/** What all messages of a mailbox, or of a listener, are served with. */
export interface Serving {
  readonly core: ServeEnvironment;
  readonly clients: Clients;
  /** For what may come with every message. */
  readonly log: RateLimitedLog;
  /** For what handlers throw: a few at once, since each may tell something else. */
  readonly crashes: RateLimitedLog;
  /** The mailbox whose events the handlers may publish; none for a listener. */
  readonly owned: Mailbox | undefined;
}

/** How many crashes of one message are logged at once. */
const crashBurst = 10;

export function serving(core: ServeEnvironment, clients: Clients, owned?: Mailbox): Serving {
  return { core, clients, log: new RateLimitedLog(core.log), crashes: new RateLimitedLog(core.log, crashBurst), owned };
}
