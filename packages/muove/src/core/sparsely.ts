import type { Logger } from "pino";

const interval = 1_000;
const mostKinds = 256;

/**
 * Logs what may come with every message at most once a second per kind, with the number left out: a flood on the bus
 * must not become a flood in the log.
 */
export class Sparsely {
  readonly #log: Logger;
  readonly #kinds = new Map<string, { at: number; leftOut: number }>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** @param fields are asked for only when the line is logged. */
  warn(kind: string, fields: () => object, text: string): void {
    const now = performance.now();
    const last = this.#kinds.get(kind);
    if (last !== undefined && now - last.at < interval) {
      last.leftOut++;
      return;
    }
    if (this.#kinds.size >= mostKinds) this.#kinds.clear();
    this.#kinds.set(kind, { at: now, leftOut: 0 });
    this.#log.warn(last?.leftOut ? { ...fields(), leftOut: last.leftOut } : fields(), text);
  }
}
