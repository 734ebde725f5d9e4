import { type Logger, pino } from "pino";

/** A line of a log, with its level by name and any fields. */
export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: string;
  readonly msg: string;
}

/** A logger that keeps its lines from `level` on. */
export function keptLog(level = "debug"): { readonly logger: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const formatters = { level: (label: string) => ({ level: label }) };
  const logger = pino({ level, formatters }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { logger, lines };
}
