import type { Readable } from "node:stream";

/** How many characters to keep. Older ones are dropped. */
const keptLength = 64 * 1_024;

/**
 * The output of a process on stdout and stderr, in order of arrival.
 *
 * OUTPUT-1 `text` is bounded, and ends with the latest output.
 * OUTPUT-2 Listeners get every whole line as soon as it is complete.
 */
export class Output {
  #text = "";
  readonly #listeners = new Set<(line: string) => void>();

  /** The last 64 K characters. */
  get text(): string {
    return this.#text;
  }

  read(stream: Readable): void {
    let rest = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      this.#text = (this.#text + chunk).slice(-keptLength);
      const lines = (rest + chunk).split("\n");
      rest = (lines.pop() ?? "").slice(-keptLength);
      for (const line of lines) for (const listener of [...this.#listeners]) listener(line);
    });
  }

  /** Returns a function that removes the listener. */
  onLine(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
