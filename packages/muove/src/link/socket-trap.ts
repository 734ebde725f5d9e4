import { AsyncLocalStorage } from "node:async_hooks";
import { channel } from "node:diagnostics_channel";
import type { Socket } from "node:net";

const created = channel("net.client.socket");

/**
 * Tracks every socket that a dial of the client creates, by Node's diagnostics channel. The client offers no handle on
 * a dial, and if the server accepts but stays silent, a dial that times out leaves its socket open forever.
 */
export class SocketTrap {
  readonly #context = new AsyncLocalStorage<SocketTrap>();
  readonly #sockets = new Set<Socket>();
  #sprung = false;

  /** Runs `dial` and tracks its sockets until it settles. */
  async watch<T>(dial: () => Promise<T>): Promise<T> {
    created.subscribe(this.#keep);
    try {
      return await this.#context.run(this, dial);
    } finally {
      created.unsubscribe(this.#keep);
      this.#context.disable(); // Before Node 24, one in use slows down every promise of the process.
    }
  }

  /** Destroys the sockets created so far, and any that are created later. */
  spring(): void {
    this.#sprung = true;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** Destroys all but the last socket, which is the connection. The others belong to addresses that did not answer. */
  release(): void {
    const earlier = [...this.#sockets].slice(0, -1);
    for (const socket of earlier) socket.destroy();
    this.#sockets.clear();
  }

  readonly #keep = (message: unknown): void => {
    if (this.#context.getStore() !== this) return;
    const { socket } = message as { readonly socket: Socket };
    // The event comes before the socket connects, and connecting would revive a destroyed socket.
    if (this.#sprung) process.nextTick(() => socket.destroy());
    else this.#sockets.add(socket);
  };
}
