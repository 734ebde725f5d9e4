import { Holdings } from "../bounds/holdings.js";
import { Connections } from "../connection/connections.js";
import { relieve } from "../connection/relief.js";
import type { Shared } from "../connection/shared.js";
import { newCounters } from "../connection/stats.js";
import type { Settings } from "../options/settings.js";
import { Flusher } from "../outbound/flusher.js";
import { Router } from "../routing/router.js";
import { newServerId } from "./server-id.js";

/** One broker, but for the socket that it listens on. */
export interface Core extends Shared {
  readonly serverId: string;
  readonly connections: Connections;
  /** The port that it listens on; known once it does. */
  port: number;
  /** It accepts nobody any more, and says so in INFO; once set, it stays. */
  lameDuck: boolean;
}

export function newCore(settings: Settings): Core {
  const connections = new Connections();
  const holdings: Holdings = new Holdings(settings.maxHeld, () => relieve(holdings, connections.snapshot()));
  return {
    settings,
    serverId: newServerId(),
    router: new Router(settings.maxSubscriptionMemory),
    connections,
    flusher: new Flusher(),
    holdings,
    counters: newCounters(),
    port: settings.port,
    lameDuck: false,
  };
}
