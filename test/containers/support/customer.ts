import { randomUUID } from "node:crypto";

/** How long anybody waits for the storefront at most, in ms, as its README promises. */
const late = 1_000;
const every = 50;

export interface Asked {
  readonly asked: number;
  readonly slowest: number;
  /** How many answers had each part degraded, or the order not placed. */
  readonly degraded: Readonly<Record<string, number>>;
  /** Answers with 5xx, late ones, and missing ones. */
  readonly complaints: readonly string[];
}

/** Asks the storefront for a page every 50 ms, whatever happens, and sends an order every second. */
export class Customer {
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  readonly #open = new Set<Promise<void>>();
  readonly #degraded: Record<string, number> = {};
  readonly #complaints: string[] = [];
  #asked = 0;
  #slowest = 0;

  constructor(url: string) {
    this.#url = url;
    this.#timer = setInterval(() => this.#ask(), every);
  }

  /** Resolves when the last answers have come. */
  async leave(): Promise<Asked> {
    clearInterval(this.#timer);
    await Promise.all(this.#open);
    return {
      asked: this.#asked,
      slowest: Math.round(this.#slowest),
      degraded: this.#degraded,
      complaints: this.#complaints,
    };
  }

  #ask(): void {
    const number = ++this.#asked;
    const done = (number % 20 === 0 ? this.#order() : this.#look()).catch((error: Error) =>
      this.#complain(`no answer: ${error.cause ?? error}`),
    );
    const asking: Promise<void> = done.finally(() => this.#open.delete(asking));
    this.#open.add(asking);
  }

  async #look(): Promise<void> {
    const page = await this.#fetch("/products/mug");
    for (const part of Object.keys((page.degraded as object | undefined) ?? {})) this.#count(part);
  }

  async #order(): Promise<void> {
    const order = { id: randomUUID(), sku: "tea", quantity: 1 };
    const headers = { "content-type": "application/json" };
    const answer = await this.#fetch("/orders", { method: "POST", headers, body: JSON.stringify(order) });
    if (answer.placed !== "yes") this.#count(`order ${answer.placed}`);
  }

  async #fetch(path: string, init: RequestInit = {}): Promise<Record<string, unknown>> {
    const begin = performance.now();
    const response = await fetch(this.#url + path, { ...init, signal: AbortSignal.timeout(10 * late) });
    const answer = (await response.json()) as Record<string, unknown>;
    const took = performance.now() - begin;
    this.#slowest = Math.max(this.#slowest, took);
    if (response.status >= 500) this.#complain(`${path}: ${response.status}`);
    if (took > late) this.#complain(`${path}: late, ${Math.round(took)} ms`);
    return answer;
  }

  #count(what: string): void {
    this.#degraded[what] = (this.#degraded[what] ?? 0) + 1;
  }

  #complain(what: string): void {
    this.#complaints.push(`${new Date().toISOString()} ${what}`);
  }
}
