import type { Readable } from "node:stream";

/** The most characters that are kept; what is older is dropped. */
const keptLength = 64 * 1_024;

/**
 * What a process prints on stdout and stderr, in the order in which it comes.
 *
 * OUTPUT-1 `text` is bounded: it ends with what was printed last.
 * OUTPUT-2 A listener is told of every whole line, as soon as its end is there.
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

  /** Returns what ends the listening. */
  onLine(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
