import { randomBytes } from "node:crypto";
import { Holdings } from "../bounds/holdings.js";
import { Connections } from "../connection/connections.js";
import { relieve } from "../connection/relief.js";
import type { Shared } from "../connection/shared.js";
import { newCounters } from "../connection/stats.js";
import { BrokerError } from "../errors.js";
import { JetStream } from "../jetstream/jetstream.js";
import type { JetStreamSettings, Settings } from "../options/settings.js";
import { Flusher } from "../outbound/flusher.js";
import { Router } from "../routing/router.js";

/** A broker without its listening socket. */
export interface Core extends Shared {
  readonly serverId: string;
  readonly connections: Connections;
  readonly jetStream: JetStream | undefined;
  /** The port that it listens on, once it does. */
  port: number;
  /** It accepts no more connections and says so in INFO. Never reset. */
  lameDuck: boolean;
}

export function newCore(settings: Settings): Core {
  const connections = new Connections();
  const holdings: Holdings = new Holdings(settings.maxHeld, () => relieve(holdings, connections.snapshot()));
  const router = new Router(settings.maxSubscriptionMemory);
  const serverId = newServerId();
  const { jetStream } = settings;
  return {
    settings,
    serverId,
    router,
    connections,
    jetStream: jetStream && openJetStream(router, serverId, jetStream),
    flusher: new Flusher(),
    holdings,
    counters: newCounters(),
    port: settings.port,
    lameDuck: false,
  };
}

function openJetStream(router: Router, serverId: string, settings: JetStreamSettings): JetStream {
  try {
    return new JetStream(router, serverId, settings);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const text = `Cannot keep streams in ${settings.folder} (${code ?? message}). Check the folder, and who may write there.`;
    throw new BrokerError("MUOVE_BROKER_CANNOT_STORE", text, { cause: error });
  }
}

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A server id in nats-server's format: N and 55 letters and digits. */
function newServerId(): string {
  return `N${Array.from(randomBytes(55), (byte) => base32[byte % 32]).join("")}`;
}
