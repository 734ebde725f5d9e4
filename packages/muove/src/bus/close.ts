import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Logger } from "../base/logger.js";
import { timeLimited } from "../base/time-limit.js";
import { performance } from "../base/timers.js";
import type { Unfinished } from "../serve/backlog.js";
import type { Parts } from "./parts.js";

export interface CloseOptions {
  /**
   * How long running handlers may still take, in ms: those that have time left, their own (`handlerTimeout`) or their
   * callers'. Then their signals abort, and their callers get
   * `unavailable/draining` with `delivered: "maybe"`. Default 10,000.
   */
  readonly timeout?: number | undefined;
}

/** Something that gets messages, until it is closed. */
export interface Closable {
  /** For people, such as `the mailbox pricing`. */
  readonly label: string;
  close(timeout: number): Promise<Unfinished>;
}

/** How long the last casts may take to settle, in ms. Those that have not settled by then become dead letters. */
const castsTimeout = 1_000;

/** @throws InvalidOptions @param what whose options they are, such as `close()`. */
export function closeTimeout(options: CloseOptions, what: string): number {
  const problems = optionProblems(options, { timeout: rules.milliseconds });
  if (problems.length > 0) throw new InvalidOptions(`The options of ${what}`, problems);
  return options.timeout ?? 10_000;
}

/** Closes mailboxes and listeners within `timeout` ms, and logs what they had not finished by then. */
export async function closeReceivers(receivers: readonly Closable[], timeout: number, log: Logger): Promise<void> {
  const begun = performance.now();
  const closed = receivers.map(async (receiver) => ({ of: receiver.label, ...(await receiver.close(timeout)) }));
  const unfinished = (await Promise.all(closed)).filter(({ running, lost }) => running + lost > 0);
  if (unfinished.length === 0) return;
  const running = unfinished.map(({ of, running }) => ({ of, running }));
  const lost = unfinished.reduce((sum, { lost }) => sum + lost, 0);
  const waited = Math.round(performance.now() - begun);
  log.warn({ waited, running, lost }, "closing before all handlers have finished");
}

/** Closes the mailboxes and listeners, then the link. In this order, so that answers get out. */
export async function closeBus(
  { core, casts, watches }: Parts,
  receivers: readonly Closable[],
  timeout: number,
): Promise<void> {
  core.log.info("draining");
  await closeReceivers(receivers, timeout, core.log);
  await timeLimited(Promise.all([casts.close(), core.storeQueue.idle()]), castsTimeout);
  core.storeQueue.close();
  watches.close();
  await core.link.close();
  core.log.info("closed");
  core.events.emit("closed", {});
}
