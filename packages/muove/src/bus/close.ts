import { late, timeLimited } from "../base/time-limit.js";
import type { Receiver } from "../serve/receiver.js";
import type { Parts } from "./parts.js";

/** How long the last casts may take to settle, in ms. Those that have not settled by then become dead letters. */
const castsTimeout = 1_000;

/**
 * Drains the mailboxes and listeners within `timeout` ms, then closes the link. In this order, so that answers get out.
 */
export async function closeBus(
  { core, casts, watches }: Parts,
  receivers: readonly Receiver[],
  timeout: number,
): Promise<void> {
  core.log.info("draining");
  const drained = await timeLimited(Promise.all(receivers.map((receiver) => receiver.drain())), timeout);
  if (drained === late) {
    const lost = receivers.reduce((sum, receiver) => sum + receiver.abandon(), 0);
    const running = receivers.map(({ label, work }) => ({ of: label, running: work.running }));
    core.log.warn({ timeout, running, lost }, "closing before all handlers have finished");
  }
  await timeLimited(casts.close(), castsTimeout);
  watches.close();
  await core.link.close();
  core.log.info("closed");
  core.events.emit("closed", {});
}
