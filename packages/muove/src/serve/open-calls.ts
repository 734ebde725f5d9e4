/** A call that its caller can cancel. */
export interface Cancellable {
  cancel(): void;
}

/**
 * The waiting and running calls of a mailbox that can be cancelled, by id. Only those who received a call know its id.
 *
 * OPEN-CALLS-1 Cancelling takes the same time, however many calls there are.
 */
export class OpenCalls {
  readonly #calls = new Map<string, Cancellable>();

  /** @param id `undefined` for a call that cannot be cancelled. */
  add(id: string | undefined, call: Cancellable): void {
    if (id !== undefined) this.#calls.set(id, call);
  }

  /** Removes a call, unless another one has taken over its id. */
  delete(id: string | undefined, call: Cancellable): void {
    if (id !== undefined && this.#calls.get(id) === call) this.#calls.delete(id);
  }

  /** Cancels a call, if it is still here. */
  cancel(id: string): void {
    this.#calls.get(id)?.cancel();
  }
}
