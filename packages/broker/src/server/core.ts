import { Connections } from "../connection/connections.js";
import { Flusher } from "../connection/flusher.js";
import type { Settings } from "../options/settings.js";
import { Router } from "../routing/router.js";
import { newServerId } from "./info.js";
import { type Counters, newCounters } from "./stats.js";

/** What all connections of one broker share. */
export interface Core {
  readonly settings: Settings;
  readonly serverId: string;
  readonly router: Router;
  readonly connections: Connections;
  readonly flusher: Flusher;
  readonly counters: Counters;
  /** The port that it listens on; known once it does. */
  port: number;
  /** It accepts nobody any more, and says so in INFO; once set, it stays. */
  lameDuck: boolean;
}

export function newCore(settings: Settings): Core {
  return {
    settings,
    serverId: newServerId(),
    router: new Router(),
    connections: new Connections(),
    flusher: new Flusher(),
    counters: newCounters(),
    port: settings.port,
    lameDuck: false,
  };
}
