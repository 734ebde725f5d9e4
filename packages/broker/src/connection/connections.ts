import type { Connection } from "./connection.js";

/**
 * The open connections of a broker.
 *
 * CONNECTIONS-1 It holds a connection from its INFO until its socket is closed.
 */
export class Connections {
  readonly #open = new Set<Connection>();
  #lastId = 0;
  #onEmpty: (() => void)[] = [];

  get size(): number {
    return this.#open.size;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  add(connection: Connection): void {
    this.#open.add(connection);
  }

  remove(connection: Connection): void {
    this.#open.delete(connection);
    if (this.#open.size > 0) return;
    const waiting = this.#onEmpty;
    this.#onEmpty = [];
    for (const callback of waiting) callback();
  }

  /** A snapshot of the open connections. */
  snapshot(): Connection[] {
    return [...this.#open];
  }

  /** Resolves when none is open. */
  async empty(): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => this.#onEmpty.push(resolve));
  }
}
