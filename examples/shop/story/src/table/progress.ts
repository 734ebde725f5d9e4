/** One line that says what the story waits for; the next real line replaces it. Only for terminals. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #timer: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(text: string): void {
    if (!this.#stream.isTTY) return;
    const begin = performance.now();
    const draw = (): void => {
      const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
      this.#stream.write(`\r\x1b[K    … ${text} ${seconds} s`);
    };
    this.clear();
    draw();
    this.#timer = setInterval(draw, 100);
  }

  clear(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stream.write("\r\x1b[K");
  }
}
