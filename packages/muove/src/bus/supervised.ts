import { optionProblems, rules } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import { late, timeLimited } from "../base/time-limit.js";
import type { Bus } from "./bus.js";
import { busProblems } from "./bus-problems.js";

/** A client that never hangs up must not keep the bus from draining. */
const defaultBeforeTimeout = 3_000;
/** How long a process may drain after an uncaught error, in ms: its state cannot be trusted for longer. */
const faultTimeout = 2_000;
/** How long the rest of the shutdown may take after that, in ms. */
const flushTimeout = 500;

const signals = ["SIGTERM", "SIGINT"] as const;

export interface SupervisedOptions {
  /**
   * Runs before the bus closes, for example to close an HTTP server that still makes calls. `health.ready` is false by
   * then; a server that goes on for as long as its balancer takes to see that refuses nobody. After `beforeTimeout`, or if
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

interface Supervision {
  readonly buses: Map<Bus, SupervisedOptions>;
  faulted: boolean;
  readonly stop: () => Promise<never>;
  readonly fail: (error: unknown) => Promise<never>;
}

const supervisionKey = Symbol.for("muove.supervision");

/** Of the whole process: it may have several buses and, with them, copies of this package, but it exits only once. */
const supervision = shared({ buses: new Map(), faulted: false, stop, fail });

function shared(own: Supervision): Supervision {
  const known = globalThis as { [supervisionKey]?: Supervision };
  known[supervisionKey] ??= own;
  return known[supervisionKey];
}

/**
 * Makes the process behave well under its supervisor (Kubernetes, Compose, systemd). One line in a service's main file.
 * A process with several buses calls it for each, and exits when all have closed.
 *
 * - SIGTERM or SIGINT: is not ready any more (`bus.leave()`), calls `before`, drains, then exits with 0. A second signal ends the process at once.
 * - An uncaught exception or unhandled rejection, also while draining: logs it, drains for at most 2 s, then exits with
 *   1, so that the supervisor restarts the process. (Errors of handlers are caught, and do not count.)
 *
 * @throws InvalidOptions
 */
export function supervised(bus: Bus, options: SupervisedOptions = {}): void {
  const problems = optionProblems(options, {
    before: rules.function,
    beforeTimeout: rules.milliseconds,
    drainTimeout: rules.milliseconds,
  });
  problems.unshift(...busProblems(bus));
  if (problems.length > 0) throw new InvalidOptions("The options of supervised()", problems);
  supervision.buses.set(bus, options);
  bus.on("closed", () => supervision.buses.delete(bus));
  if (process.listeners("SIGTERM").includes(supervision.stop)) return;
  supervision.faulted = false;
  for (const signal of signals) process.on(signal, supervision.stop);
  for (const fault of ["uncaughtException", "unhandledRejection"] as const) process.once(fault, supervision.fail);
}

async function stop(): Promise<never> {
  for (const signal of signals) process.off(signal, supervision.stop);
  await Promise.all([...supervision.buses].map(end));
  process.exit(supervision.faulted ? 1 : 0);
}

async function end([bus, options]: [Bus, SupervisedOptions]): Promise<void> {
  bus.leave();
  bus.log.info("received a signal; shutting down");
  await closeFirst(bus, options);
  await bus.close({ timeout: options.drainTimeout });
}

async function fail(error: unknown): Promise<never> {
  supervision.faulted = true;
  const buses = [...supervision.buses.keys()];
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
