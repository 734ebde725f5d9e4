/** Registered, because another copy of this package may have made a failure, or may look at one. */
const brand: unique symbol = Symbol.for("muove.failure");

/** A declared error. Made by `ctx.fail`; a handler returns or throws it. */
export class Failure<Code extends string = string> {
  readonly code: Code;
  readonly data: unknown;
  readonly [brand] = { seen: false };

  constructor(code: Code, data: unknown) {
    this.code = code;
    this.data = data;
  }
}

/**
 * Whether a value is the result of `ctx.fail`, for helpers that return either one or something else. A failure that was
 * looked at in this way may be dropped; any other one that a handler makes, it must return or throw.
 */
export function isFailure(value: unknown): value is Failure {
  const failure = failureIn(value);
  if (failure !== undefined) failure[brand].seen = true;
  return failure !== undefined;
}

/** The value, if it is a failure. Does not count as looking at it. */
export function failureIn(value: unknown): Failure | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return brand in value ? (value as Failure) : undefined;
  } catch {
    return undefined; // A handler may throw a proxy that throws.
  }
}

/** Whether nobody looked at it. */
export const isUnseen = (failure: Failure): boolean => !failure[brand].seen;
