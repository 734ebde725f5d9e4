declare const brand: unique symbol;

/** Whether a value is the result of `ctx.fail`, for helpers that return either one or something else. */
export function isFailure(value: unknown): value is Failure {
  return value instanceof Failure;
}

/** A declared error. Made by `ctx.fail`; a handler returns it. */
export class Failure<Code extends string = string> {
  /** Makes the type nominal, so that a plain object does not pass for one. */
  declare readonly [brand]: true;
  readonly code: Code;
  readonly data: unknown;

  constructor(code: Code, data: unknown) {
    this.code = code;
    this.data = data;
  }
}
