import { optionProblems } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { late, timeLimited } from "../base/time-limit.js";
import type { Bus } from "./bus.js";

/** How long what is to be closed before the bus may take, in ms: a client that never hangs up must not keep it from draining. */
const beforeTimeout = 3_000;
/** How long a process that has failed may drain, in ms: its state is not to be trusted for longer. */
const faultTimeout = 2_000;
/** How long its last words may take after that, in ms. */
const flushTimeout = 500;

const signals = ["SIGTERM", "SIGINT"] as const;

export interface SupervisedOptions {
  /**
   * What to close before the bus, such as an HTTP server that still answers requests by calling others. It may take 3 s;
   * then, and when it throws, the bus drains all the same.
   */
  readonly before?: (() => unknown) | undefined;
}

/** What this process has put under its supervisor; there may be several buses in it. */
const supervisedBuses = new Map<Bus, SupervisedOptions>();
let faulted = false;

/**
 * Puts the process under its supervisor (Kubernetes, Compose, systemd). One line, in a service's main file; where a
 * process has several buses, one for each, and it ends when all have closed.
 *
 * - SIGTERM or SIGINT: drains, then exits with 0. A second signal ends it at once.
 * - An exception that nobody caught, or a promise that nobody handled, also while it drains: logs it, drains for at most
 *   2 s, then exits with 1, so that the supervisor starts it again. (What a handler throws is caught, and is no such fault.)
 *
 * @throws InvalidOptions
 */
export function supervised(bus: Bus, options: SupervisedOptions = {}): void {
  const problems = optionProblems(options, {
    before: (value) => (typeof value === "function" ? undefined : "must be a function"),
  });
  if (problems.length > 0) throw new InvalidOptions("The options of supervised()", problems);
  supervisedBuses.set(bus, options);
  bus.on("closed", () => supervisedBuses.delete(bus));
  if (process.listeners("SIGTERM").includes(stop)) return;
  faulted = false;
  for (const signal of signals) process.on(signal, stop);
  for (const fault of ["uncaughtException", "unhandledRejection"] as const) process.once(fault, fail);
}

async function stop(): Promise<never> {
  for (const signal of signals) process.off(signal, stop);
  await Promise.all([...supervisedBuses].map(end));
  process.exit(faulted ? 1 : 0);
}

async function end([bus, options]: [Bus, SupervisedOptions]): Promise<void> {
  bus.log.info("asked to end");
  await closeFirst(bus, options);
  await bus.close();
}

async function fail(error: unknown): Promise<never> {
  faulted = true;
  const buses = [...supervisedBuses.keys()];
  for (const bus of buses) {
    bus.log.fatal({ err: error }, "something failed that nobody caught; ending, to be started again");
  }
  await timeLimited(Promise.all(buses.map((bus) => bus.close({ timeout: faultTimeout }))), faultTimeout + flushTimeout);
  process.exit(1);
}

async function closeFirst(bus: Bus, { before }: SupervisedOptions): Promise<void> {
  try {
    const done = await timeLimited(Promise.resolve(before?.()), beforeTimeout);
    if (done === late)
      bus.log.warn({ timeout: beforeTimeout }, "what was to close before the bus takes too long; draining");
  } catch (error) {
    bus.log.error({ err: error }, "what was to close before the bus failed; draining");
  }
}
