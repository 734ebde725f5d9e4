/** A purchase counts more than a look. */
const perPiece = 10;

/** How popular each article was since this process started. Losing it with the process does no harm. */
export class Popularity {
  readonly #points = new Map<string, number>();

  viewed(sku: string): void {
    this.#add(sku, 1);
  }

  bought(sku: string, pieces: number): void {
    this.#add(sku, pieces * perPiece);
  }

  /** The most popular first; equally popular ones keep their order. */
  rank(skus: readonly string[]): string[] {
    return [...skus].sort((one, other) => this.#of(other) - this.#of(one));
  }

  #add(sku: string, points: number): void {
    this.#points.set(sku, this.#of(sku) + points);
  }

  #of(sku: string): number {
    return this.#points.get(sku) ?? 0;
  }
}
