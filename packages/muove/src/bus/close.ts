import { late, timeLimited } from "../base/time-limit.js";
import type { Receiver } from "../serve/receiver.js";
import type { Parts } from "./parts.js";

/** How long it may take to learn what became of the last casts, in ms; what is not known by then is a dead letter. */
const castsWithin = 1_000;

/** Drains what is served and listened to, within `timeout` ms, then closes the link. The order is the promise: answers leave before we do. */
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
    core.log.warn({ timeout, running, lost }, "closing although not everything is done");
  }
  await timeLimited(casts.close(), castsWithin);
  watches.close();
  await core.link.close();
  core.log.info("closed");
  core.events.emit("closed", {});
}
