import { TestkitError } from "../errors.js";
import type { ManagedProcess } from "./managed-process.js";

/** What shows that a process is ready; listens, and returns what ends the listening. */
export type Sign = (ready: () => void) => () => void;

/**
 * Resolves when a process has given the sign.
 *
 * @throws TestkitError MUOVE_TESTKIT_NOT_READY with its output, when it ended before, or did not within so many ms.
 */
export function whenReady(managed: ManagedProcess, within: number, sign: Sign): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (why?: string): void => {
      clearTimeout(timer);
      stopListening();
      if (why === undefined) resolve();
      else reject(notReady(managed, why));
    };
    const timer = setTimeout(() => settle(`was not ready within ${within} ms`), within);
    const stopListening = sign(() => settle());
    void managed.exit.then(({ code, signal }) =>
      settle(`ended before it was ready (${signal ?? `exit code ${code}`})`),
    );
  });
}

/** The sign is a line of output. */
export function line(managed: ManagedProcess, pattern: RegExp): Sign {
  return (ready) => managed.output.onLine((text) => text.search(pattern) >= 0 && ready());
}

function notReady({ name, output }: ManagedProcess, why: string): TestkitError {
  const said = output.text === "" ? "It printed nothing." : `It printed:\n${output.text}`;
  return new TestkitError("MUOVE_TESTKIT_NOT_READY", `${name} ${why}. ${said}`);
}
