import type { Socket } from "node:net";
import { Way, type Weather } from "./way.js";

/** A client's connection to the proxy, the proxy's to the server, and both ways between them. */
export class Connection {
  readonly toServer: Way;
  readonly toClient: Way;
  readonly #near: Socket;
  readonly #far: Socket;

  /** @param gone is called once, when the client's side has closed. */
  constructor(near: Socket, far: Socket, toServer: () => Weather, toClient: () => Weather, gone: () => void) {
    this.#near = near;
    this.#far = far;
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on("error", () => {}); // The close that follows is what counts.
    }
    near.once("close", gone);
    this.toServer = new Way(near, far, toServer);
    this.toClient = new Way(far, near, toClient);
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
