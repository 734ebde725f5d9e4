import { constants } from "node:os";

/** A request from the user, or a supervisor, to end this process. */
export interface StopSignal {
  /** Aborts on the request. */
  readonly signal: AbortSignal;
  /** Resolves on the request. */
  readonly asked: Promise<void>;
  /** The exit code if it interrupts something: 128 plus the signal's number, as in shells. */
  readonly exitCode: number | undefined;
}

/** Obeys Ctrl-C, SIGTERM and a closed terminal: in order the first time, at once the second time. */
export function stopSignal(): StopSignal {
  const controller = new AbortController();
  let exitCode: number | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (exitCode !== undefined) process.exit(exitCode);
      exitCode = 128 + constants.signals[name];
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  const asked = new Promise<void>((resolve) => controller.signal.addEventListener("abort", () => resolve()));
  return {
    signal: controller.signal,
    asked,
    get exitCode() {
      return exitCode;
    },
  };
}
