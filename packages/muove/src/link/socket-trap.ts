import { AsyncLocalStorage } from "node:async_hooks";
import { channel } from "node:diagnostics_channel";
import type { Socket } from "node:net";

const created = channel("net.client.socket");

/**
 * Holds every socket that a dial of the client creates. The client gives no handle on a dial, and one that times out
 * while the server has accepted but says nothing leaves its socket open for ever; so Node itself is asked.
 */
export class SocketTrap {
  readonly #context = new AsyncLocalStorage<SocketTrap>();
  readonly #sockets = new Set<Socket>();
  #sprung = false;

  /** Runs `dial` and keeps its sockets until it settles. */
  async watch<T>(dial: () => Promise<T>): Promise<T> {
    created.subscribe(this.#keep);
    try {
      return await this.#context.run(this, dial);
    } finally {
      created.unsubscribe(this.#keep);
      this.#context.disable(); // Until Node 24, one in use slows down every promise of the process.
    }
  }

  /** Destroys what was created, and from now on whatever still is. */
  spring(): void {
    this.#sprung = true;
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  /** Destroys all but the last one, which is the connection: those before belong to addresses that did not answer. */
  release(): void {
    const earlier = [...this.#sockets].slice(0, -1);
    for (const socket of earlier) socket.destroy();
    this.#sockets.clear();
  }

  readonly #keep = (message: unknown): void => {
    if (this.#context.getStore() !== this) return;
    const { socket } = message as { readonly socket: Socket };
    // Told before it connects, which would bring a destroyed socket back to life.
    if (this.#sprung) process.nextTick(() => socket.destroy());
    else this.#sockets.add(socket);
  };
}
