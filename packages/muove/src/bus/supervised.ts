import { optionProblems } from "@muove/contract/internal";
import type { Bus } from "./bus.js";
import { InvalidOptions } from "./invalid-options.js";

export interface SupervisedOptions {
  /** What to close before the bus, such as an HTTP server that still answers requests by calling others. */
  readonly before?: (() => unknown) | undefined;
}

/**
 * Obeys the supervisor (Kubernetes, Compose, systemd): on SIGTERM or SIGINT the bus drains and the process exits with 0.
 * A second signal ends it at once. One line, in a service's main file: `supervised(bus)`.
 *
 * @throws InvalidOptions
 */
export function supervised(bus: Bus, options: SupervisedOptions = {}): void {
  const problems = optionProblems(options, {
    before: (value) => (typeof value === "function" ? undefined : "must be a function"),
  });
  if (problems.length > 0) throw new InvalidOptions("The options of supervised()", problems);
  const stop = async (): Promise<never> => {
    await Promise.resolve(options.before?.()).catch(() => {});
    await bus.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
}
