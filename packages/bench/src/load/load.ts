/** The load on a caller. */
export interface Load {
  /** The number of questions in flight. */
  readonly inFlight: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Whether to send casts, which need no answer. */
  readonly casts?: true;
}

/** The result on the caller's side. Times in ms; CPU time in microseconds, user and system together. */
export interface Loaded {
  readonly count: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly cpu: number;
}
