/**
 * - `in time`: its caller still waits.
 * - `overdue`: it has outlived its caller, and holds no slot any more.
 * - `endless`: it has outlived what the contract gives it, too, whatever its caller said.
 */
export type Standing = "in time" | "overdue" | "endless";

/** A handler's hold on its mailbox, for as long as it runs. Its timers keep no process alive that has closed its bus. */
export class Slot {
  #standing: Standing = "in time";
  #timer: NodeJS.Timeout;

  /** @param callerTime, @param contractTime in ms from now. */
  constructor(callerTime: number, contractTime: number, changed: (standing: Standing) => void) {
    const become = (standing: Standing): void => {
      this.#standing = standing;
      changed(standing);
    };
    this.#timer = setTimeout(() => {
      become("overdue");
      this.#timer = setTimeout(() => become("endless"), contractTime - callerTime).unref();
    }, callerTime).unref();
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** The handler is done. */
  free(): void {
    clearTimeout(this.#timer);
  }
}
