import { styleText } from "node:util";

/** Colours, if the terminal shows them and the user wants them (https://no-color.org). */
export class Ink {
  readonly #colours: boolean;

  constructor(stream: { isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>) {
    this.#colours = stream.isTTY === true && !env.NO_COLOR;
  }

  readonly good = (text: string): string => this.#paint("green", text);
  readonly warn = (text: string): string => this.#paint("yellow", text);
  readonly bad = (text: string): string => this.#paint("red", text);
  readonly quiet = (text: string): string => this.#paint("dim", text);

  #paint(style: "green" | "yellow" | "red" | "dim", text: string): string {
    return this.#colours ? styleText(style, text) : text;
  }
}
