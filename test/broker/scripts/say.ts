// Short helpers to write sessions with.

import type { Session, Step } from "../session.js";

/** A session of one connection. */
export const alone = (...says: readonly (string | Step)[]): Session => ({
  connections: 1,
  steps: says.map((say) => (typeof say === "string" ? sendFirst(say) : say)),
});

/** A session of several connections. */
export const together = (connections: number, ...steps: readonly Step[]): Session => ({ connections, steps });

export const a = (...send: readonly string[]): Step => ({ on: 0, send });
export const b = (...send: readonly string[]): Step => ({ on: 1, send });
export const c = (...send: readonly string[]): Step => ({ on: 2, send });

/** One chunk for each byte. */
export const bytewise = (text: string): Step => ({ on: 0, send: [...text] });

/** Declares the PINGs that a step contains. */
export const withPings = (pings: number, step: Step): Step => ({ ...step, pings });

const sendFirst = (text: string): Step => ({ on: 0, send: [text] });

/** CONNECT as client libraries send it, not verbose; `more` are further fields. */
export const hello = (more: Record<string, unknown> = {}): string =>
  `CONNECT ${JSON.stringify({ verbose: false, pedantic: false, headers: true, no_responders: true, protocol: 1, ...more })}\r\n`;

export const pub = (subject: string, payload: string, reply?: string): string =>
  `PUB ${subject}${reply === undefined ? "" : ` ${reply}`} ${payload.length}\r\n${payload}\r\n`;

export const hpub = (subject: string, header: string, payload: string, reply?: string): string =>
  `HPUB ${subject}${reply === undefined ? "" : ` ${reply}`} ${header.length} ${header.length + payload.length}\r\n${header}${payload}\r\n`;

export const header = "NATS/1.0\r\nA: b\r\n\r\n";
