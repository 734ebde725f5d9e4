/** How a caller is loaded. */
export interface Load {
  /** So many questions are under way at any time. */
  readonly inFlight: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Whether they are casts, which need no answer. */
  readonly casts?: true;
}

/** What came of it, seen from the caller. Times in ms; CPU time in microseconds, user and system together. */
export interface Loaded {
  readonly count: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly cpu: number;
}
