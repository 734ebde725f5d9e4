import type { OpenMailbox } from "../serve/open-mailbox.js";
import { inTime } from "./in-time.js";
import type { Parts } from "./make-parts.js";

/** How long it may take to learn what became of the last casts, in ms; what is not known by then is a dead letter. */
const castsWithin = 1_000;

/** Drains the mailboxes, within `timeout` ms, then closes the link. The order is the promise: answers leave before we do. */
export async function closeBus(
  { core, casts }: Parts,
  mailboxes: readonly OpenMailbox[],
  timeout: number,
): Promise<void> {
  core.log.info("draining");
  const drained = await inTime(Promise.all(mailboxes.map((mailbox) => mailbox.drain())), timeout);
  if (!drained) {
    const lostCasts = mailboxes.reduce((lost, mailbox) => lost + mailbox.abandon(), 0);
    const running = mailboxes.map(({ mailbox: { name }, work }) => ({ mailbox: name, running: work.running }));
    core.log.warn({ timeout, running, lostCasts }, "closing although not everything is done");
  }
  await inTime(casts.close(), castsWithin);
  await core.link.close();
  core.log.info("closed");
  core.events.emit("closed", {});
}
