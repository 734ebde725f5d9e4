import { setTimeout as sleep } from "node:timers/promises";
import { askHtml, askPage } from "./page.js";
import type { Timed } from "./timed.js";

export interface Tally {
  asked: number;
  /** Answers other than 200. */
  bad: number;
  /** The slowest one, in ms. */
  worst: number;
}

/** Requests the page all the time, in JSON and HTML by turns, whatever the story does to the shop. */
export class BackgroundAsker {
  readonly tally: Tally = { asked: 0, bad: 0, worst: 0 };
  readonly #url: string;
  readonly #underWay = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** @param every ms; a slow answer does not delay later ones. */
  start(every: number): void {
    this.#timer = setInterval(() => this.#ask(), every);
  }

  /** Waits for that many more requests. */
  async askedAgain(times: number, signal: AbortSignal): Promise<void> {
    const wanted = this.tally.asked + times;
    while (this.tally.asked < wanted) await sleep(10, undefined, { signal });
  }

  /** Resolves when the last answer is there. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#underWay);
  }

  #ask(): void {
    const ask = this.tally.asked++ % 2 === 0 ? askPage : askHtml;
    const asked = ask(this.#url).then((answer) => this.#count(answer));
    this.#underWay.add(asked);
    void asked.finally(() => this.#underWay.delete(asked));
  }

  #count({ status, ms }: Timed): void {
    if (status !== 200) this.tally.bad++;
    this.tally.worst = Math.max(this.tally.worst, ms);
  }
}
