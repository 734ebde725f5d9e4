import { type Logger, pino } from "pino";

/** How much was logged. */
export interface LogFigures {
  readonly lines: number;
  /** The length of the longest line since the last time, in characters, but for what the owner's own handlers threw. */
  readonly longest: number;
  /** How many lines had each message. */
  readonly texts: Readonly<Record<string, number>>;
}

/** A logger that counts its lines from `warn` on, and keeps nothing else. */
export function countedLog(): { readonly logger: Logger; figures(): LogFigures } {
  let [lines, longest] = [0, 0];
  const texts: Record<string, number> = {};
  const write = (line: string): void => {
    lines++;
    const { msg } = JSON.parse(line) as { msg: string };
    if (msg !== "a handler threw") longest = Math.max(longest, line.length);
    texts[msg] = (texts[msg] ?? 0) + 1;
  };
  const figures = (): LogFigures => {
    const said = { lines, longest, texts: { ...texts } };
    longest = 0;
    return said;
  };
  return { logger: pino({ level: "warn" }, { write }), figures };
}
