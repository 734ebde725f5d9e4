const perMs = 10_000;
const bits = 6;
const half = 2 ** bits;

/** A histogram of times in ms, exact to 1.6% at any size, in constant memory. */
export class Histogram {
  /** Times are in units of 100 ns. Up to 2^(bits+1) units each has a bucket; then each doubling has `half` buckets. */
  readonly #counts = new Float64Array(half * 32);
  #count = 0;
  #max = 0;

  record(ms: number): void {
    const units = Math.min(2 ** 31 - 1, Math.max(0, Math.round(ms * perMs)));
    const bucket = bucketOf(units);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    if (ms > this.#max) this.#max = ms;
  }

  get count(): number {
    return this.#count;
  }

  get max(): number {
    return this.#max;
  }

  /** The quantile in ms for a share; 0 without samples. */
  quantile(share: number): number {
    let left = Math.ceil(this.#count * share);
    if (left <= 0) return 0;
    for (const [bucket, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0) return Math.min(this.#max, middleOf(bucket) / perMs);
    }
    return this.#max;
  }
}

function bucketOf(units: number): number {
  const shift = Math.max(0, 31 - Math.clz32(units) - bits);
  return shift * half + (units >>> shift);
}

function middleOf(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / half) - 1);
  const least = (bucket - shift * half) * 2 ** shift;
  return least + (2 ** shift - 1) / 2;
}
