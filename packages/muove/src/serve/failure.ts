declare const brand: unique symbol;

/** Whether a value is a declared error on its way from a handler, for helpers of handlers that give one or something else. */
export function isFailure(value: unknown): value is Failure {
  return value instanceof Failure;
}

/** A declared error on its way from a handler: made by `ctx.fail`, to be returned. */
export class Failure<Code extends string = string> {
  /** Keeps plain objects of the same form from being taken for one. */
  declare readonly [brand]: true;
  readonly code: Code;
  readonly data: unknown;

  constructor(code: Code, data: unknown) {
    this.code = code;
    this.data = data;
  }
}
