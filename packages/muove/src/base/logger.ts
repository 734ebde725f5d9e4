/**
 * A log, as the SDK writes to one and handlers do: the loggers of pino, whatever their custom levels, of Fastify and of
 * bunyan are such.
 */
export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** The same log, with these fields in each line. */
  child(fields: Record<string, unknown>): Logger;
}

/** Logs one line: fields, if any, and a text. */
export interface LogMethod {
  (fields: object, text?: string): void;
  (text: string): void;
}
