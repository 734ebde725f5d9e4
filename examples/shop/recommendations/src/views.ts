/** How often each article was looked at since this process began. Lost with it, and no harm is done. */
export class Views {
  readonly #counts = new Map<string, number>();

  add(sku: string): void {
    this.#counts.set(sku, this.of(sku) + 1);
  }

  of(sku: string): number {
    return this.#counts.get(sku) ?? 0;
  }

  /** The most viewed first; what was viewed equally often keeps its order. */
  rank(skus: readonly string[]): string[] {
    return [...skus].sort((one, other) => this.of(other) - this.of(one));
  }
}
