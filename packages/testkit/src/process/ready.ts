import { TestkitError } from "../errors.js";
import type { ManagedProcess } from "./managed-process.js";

/** Listens for the sign that a process is ready. Returns a function that stops listening. */
export type Sign = (ready: () => void) => () => void;

/**
 * Resolves when a process is ready.
 *
 * @throws TestkitError MUOVE_TESTKIT_NOT_READY with its output if it ends first, or is not ready within `within` ms.
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

/** Ready when a line of output matches. */
export function line(managed: ManagedProcess, pattern: RegExp): Sign {
  return (ready) => managed.output.onLine((text) => text.search(pattern) >= 0 && ready());
}

function notReady({ name, output }: ManagedProcess, why: string): TestkitError {
  const said = output.text === "" ? "It printed nothing." : `It printed:\n${output.text}`;
  return new TestkitError("MUOVE_TESTKIT_NOT_READY", `${name} ${why}. ${said}`);
}
