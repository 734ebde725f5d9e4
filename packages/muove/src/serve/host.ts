import type { Mailbox } from "@muove/contract";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Clients } from "../client/client.js";
import type { ServeEnvironment } from "./serve-environment.js";

/** Whoever serves: what the endpoints of a mailbox, or a listener, have in common. */
export interface Host {
  readonly env: ServeEnvironment;
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

export function hostOf(env: ServeEnvironment, clients: Clients, owned?: Mailbox): Host {
  return { env, clients, log: new RateLimitedLog(env.log), crashes: new RateLimitedLog(env.log, crashBurst), owned };
}
