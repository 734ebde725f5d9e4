declare const brand: unique symbol;

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
