import type { Connection } from "../connection/connection.js";
import { sleep } from "../timers.js";
import type { Core } from "./core.js";
import { infoLine } from "./info.js";

/** Closing takes at least this long, in ms, even if the duration is shorter. */
const shortestSpread = 1_000;
/** The longest wait, in ms, between two connections. */
const longestStep = 1_000;

/**
 * Tells the clients that this server is shutting down, and closes their connections one by one, like nats-server: after
 * the grace period, spread over the rest of the duration.
 *
 * @param signal ends it at once and leaves the remaining connections open.
 */
export async function leaveGradually(core: Core, signal: AbortSignal): Promise<void> {
  core.lameDuck = true;
  const connections = core.connections.snapshot();
  if (connections.length === 0) return;
  for (const connection of connections) {
    if (connection.settled && connection.options.protocol >= 1) connection.send(infoLine(core, connection));
  }
  try {
    await sleep(core.settings.lameDuckGracePeriod, undefined, { signal });
    await closeOneByOne(connections, core, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function closeOneByOne(connections: readonly Connection[], core: Core, signal: AbortSignal): Promise<void> {
  const { lameDuckDuration, lameDuckGracePeriod } = core.settings;
  const remaining = lameDuckDuration - lameDuckGracePeriod;
  const step = Math.min((remaining > 0 ? remaining : shortestSpread) / connections.length, longestStep);
  for (const [i, connection] of connections.entries()) {
    connection.close();
    if (i < connections.length - 1) await sleep(Math.max(Math.random() * step, step / 2), undefined, { signal });
  }
}
