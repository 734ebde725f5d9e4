// On its own, so that the published types do without those of the client.

/** Callbacks for one PING and its PONG. */
export interface Check {
  /** The PING is sent, after everything published so far. */
  asked(): void;
  /**
   * The PONG is read: everything that the server sent before it was received, and nothing that it sent later. False if
   * the connection ended first.
   */
  ended(answered: boolean): void;
}
