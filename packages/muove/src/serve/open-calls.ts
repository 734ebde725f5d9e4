/** A call that can be given up. */
export interface Cancellable {
  /** Its caller gave up. */
  cancel(): void;
}

/**
 * The calls of a mailbox that wait or run and can be given up, by the id that only those know who were sent the call.
 *
 * OC1 To cancel one takes the same time, however many there are.
 */
export class OpenCalls {
  readonly #calls = new Map<string, Cancellable>();

  /** @param id none for a call that says none: it cannot be cancelled. */
  add(id: string | undefined, call: Cancellable): void {
    if (id !== undefined) this.#calls.set(id, call);
  }

  /** It is done, or goes on as another one. */
  delete(id: string | undefined, call: Cancellable): void {
    if (id !== undefined && this.#calls.get(id) === call) this.#calls.delete(id);
  }

  /** Cancels one, if it is still here. */
  cancel(id: string): void {
    this.#calls.get(id)?.cancel();
  }
}
