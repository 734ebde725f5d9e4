// Short words to write sessions with.

import type { Session, Step } from "../session.js";

/** One connection that says one thing after the other. */
export const alone = (...says: readonly (string | Step)[]): Session => ({
  connections: 1,
  steps: says.map((say) => (typeof say === "string" ? says0(say) : say)),
});

/** Several connections, by number. */
export const together = (connections: number, ...steps: readonly Step[]): Session => ({ connections, steps });

export const a = (...send: readonly string[]): Step => ({ on: 0, send });
export const b = (...send: readonly string[]): Step => ({ on: 1, send });
export const c = (...send: readonly string[]): Step => ({ on: 2, send });

/** One chunk for each byte. */
export const bytewise = (text: string): Step => ({ on: 0, send: [...text] });

/** A PING among what is said. */
export const withPings = (pings: number, step: Step): Step => ({ ...step, pings });

const says0 = (text: string): Step => ({ on: 0, send: [text] });

/** A quiet client, as libraries are; `more` are further fields. */
export const hello = (more: Record<string, unknown> = {}): string =>
  `CONNECT ${JSON.stringify({ verbose: false, pedantic: false, headers: true, no_responders: true, protocol: 1, ...more })}\r\n`;

export const pub = (subject: string, payload: string, reply?: string): string =>
  `PUB ${subject}${reply === undefined ? "" : ` ${reply}`} ${payload.length}\r\n${payload}\r\n`;

export const hpub = (subject: string, header: string, payload: string, reply?: string): string =>
  `HPUB ${subject}${reply === undefined ? "" : ` ${reply}`} ${header.length} ${header.length + payload.length}\r\n${header}${payload}\r\n`;

export const header = "NATS/1.0\r\nA: b\r\n\r\n";
