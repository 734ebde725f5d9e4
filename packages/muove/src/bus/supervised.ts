import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { late, timeLimited } from "../base/time-limit.js";
import type { Bus } from "./bus.js";

/** A client that never hangs up must not keep the bus from draining. */
const defaultBeforeTimeout = 3_000;
/** How long a process may drain after an uncaught error, in ms: its state cannot be trusted for longer. */
const faultTimeout = 2_000;
/** How long the rest of the shutdown may take after that, in ms. */
const flushTimeout = 500;

const signals = ["SIGTERM", "SIGINT"] as const;

export interface SupervisedOptions {
  /**
   * Runs before the bus closes, for example to close an HTTP server that still makes calls. After `beforeTimeout`, or if
   * it throws, the bus drains anyway.
   */
  readonly before?: (() => unknown) | undefined;
  /** How long `before` may take, in ms. Default 3,000. */
  readonly beforeTimeout?: number | undefined;
  /**
   * How long running handlers may still take, in ms; the `timeout` of `bus.close()`. Default 10,000. The supervisor must
   * wait for `beforeTimeout`, this and 2 s before it kills the process: in Kubernetes, `terminationGracePeriodSeconds`,
   * which is 30 s by default.
   */
  readonly drainTimeout?: number | undefined;
}

/** The supervised buses of this process; there may be several. */
const supervisedBuses = new Map<Bus, SupervisedOptions>();
let faulted = false;

/**
 * Makes the process behave well under its supervisor (Kubernetes, Compose, systemd). One line in a service's main file.
 * A process with several buses calls it for each, and exits when all have closed.
 *
 * - SIGTERM or SIGINT: drains, then exits with 0. A second signal ends the process at once.
 * - An uncaught exception or unhandled rejection, also while draining: logs it, drains for at most 2 s, then exits with
 *   1, so that the supervisor restarts the process. (Errors of handlers are caught, and do not count.)
 *
 * @throws InvalidOptions
 */
export function supervised(bus: Bus, options: SupervisedOptions = {}): void {
  const problems = optionProblems(options, {
    before: (value) => (typeof value === "function" ? undefined : "must be a function"),
    beforeTimeout: rules.milliseconds,
    drainTimeout: rules.milliseconds,
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
  bus.log.info("received a signal; shutting down");
  await closeFirst(bus, options);
  await bus.close({ timeout: options.drainTimeout });
}

async function fail(error: unknown): Promise<never> {
  faulted = true;
  const buses = [...supervisedBuses.keys()];
  for (const bus of buses) {
    bus.log.fatal({ err: error }, "uncaught error; exiting, so that the supervisor restarts the process");
  }
  await timeLimited(Promise.all(buses.map((bus) => bus.close({ timeout: faultTimeout }))), faultTimeout + flushTimeout);
  process.exit(1);
}

async function closeFirst(
  bus: Bus,
  { before, beforeTimeout = defaultBeforeTimeout }: SupervisedOptions,
): Promise<void> {
  try {
    const done = await timeLimited(Promise.resolve(before?.()), beforeTimeout);
    if (done === late) bus.log.warn({ timeout: beforeTimeout }, "the before hook took too long; draining");
  } catch (error) {
    bus.log.error({ err: error }, "the before hook failed; draining");
  }
}
