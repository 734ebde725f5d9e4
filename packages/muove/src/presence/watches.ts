import type { WatchEnvironment } from "./presence-environment.js";
import { Watch } from "./watch.js";

/** The watches of a bus: one per mailbox, shared by all its users. */
export class Watches {
  readonly #env: WatchEnvironment;
  readonly #watches = new Map<string, Watch>();

  constructor(env: WatchEnvironment) {
    this.#env = env;
  }

  of(mailbox: string): Watch {
    const known = this.#watches.get(mailbox);
    if (known !== undefined) return known;
    const watch = new Watch(this.#env, mailbox, () => this.#watches.delete(mailbox));
    this.#watches.set(mailbox, watch);
    return watch;
  }

  connected(): void {
    for (const watch of [...this.#watches.values()]) watch.connected();
  }

  disconnected(): void {
    for (const watch of [...this.#watches.values()]) watch.disconnected();
  }

  close(): void {
    for (const watch of [...this.#watches.values()]) watch.end();
  }
}
