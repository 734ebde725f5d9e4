import { constants } from "node:os";

/** The wish of the user, or a supervisor, that this process end. */
export interface StopSignal {
  /** Aborts at the wish. */
  readonly signal: AbortSignal;
  /** Resolves at the wish. */
  readonly asked: Promise<void>;
  /** What to exit with when that came in the middle of something: 128 and the signal's number, as shells have it. */
  readonly exitCode: number | undefined;
}

/** Obeys Ctrl-C, SIGTERM and a terminal that was closed: politely the first time, at once the second time. */
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
