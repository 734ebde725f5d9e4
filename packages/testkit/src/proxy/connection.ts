import type { Socket } from "node:net";
import { Way, type Weather } from "./way.js";

/** A client's connection to the proxy, the proxy's connection to the server, and both directions between them. */
export class Connection {
  readonly toServer: Way;
  readonly toClient: Way;
  readonly #near: Socket;
  readonly #far: Socket;

  /** @param gone called once, when both sides have closed. */
  constructor(near: Socket, far: Socket, toServer: () => Weather, toClient: () => Weather, gone: () => void) {
    this.#near = near;
    this.#far = far;
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on("error", () => {}); // The close event follows.
      socket.on("close", () => near.closed && far.closed && gone());
    }
    this.toServer = new Way(near, far, toServer);
    this.toClient = new Way(far, near, toClient);
  }

  /** Whether the client's side is open. */
  get open(): boolean {
    return !this.#near.destroyed;
  }

  look(): void {
    this.toServer.look();
    this.toClient.look();
  }

  /** Resets both sides. */
  reset(): void {
    this.#near.resetAndDestroy();
    this.#far.resetAndDestroy();
  }
}
