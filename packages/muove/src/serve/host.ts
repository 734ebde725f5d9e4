import type { Mailbox } from "@muove/contract";
import { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Clients } from "../client/clients.js";
import type { ServeEnvironment } from "./serve-environment.js";

/** A mailbox or a listener: what all its endpoints share. */
export interface Host {
  readonly env: ServeEnvironment;
  readonly clients: Clients;
  /** Rate limited, for lines that any message may cause. */
  readonly log: RateLimitedLog;
  /** For errors of handlers: allows a burst, since each may be a different error. */
  readonly crashes: RateLimitedLog;
  /** The mailbox whose events the handlers may publish; `undefined` for a listener. */
  readonly owned: Mailbox | undefined;
}

/** How many crashes of one message may be logged at once. */
const crashBurst = 10;

export function hostOf(env: ServeEnvironment, clients: Clients, owned?: Mailbox): Host {
  return { env, clients, log: new RateLimitedLog(env.log), crashes: new RateLimitedLog(env.log, crashBurst), owned };
}
