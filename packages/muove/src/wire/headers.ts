import { longestTime } from "@muove/contract/internal";
import type { Msg, MsgHdrs } from "@nats-io/nats-core";

// docs/protocol.md, clauses H-1 to H-5.

/** What travels with a request beside its payload. All of it may be missing: other clients need not send any. */
export interface RequestHeaders {
  /** How long the caller still waits, in ms: relative, so that clocks may differ. */
  readonly timeout?: number;
  /** The caller's own monotonic clock when it sent this, in ms. */
  readonly clock?: number;
  /** Who calls: `<service>/<instance>`. */
  readonly from?: string;
  /** The W3C trace context. */
  readonly traceparent?: string;
}

/** Header lines in the form in which they travel; nats-core takes anything that has `encode()`. */
export class EncodedHeaders {
  readonly #bytes: Uint8Array;

  /** @param lines each ends in CR LF. */
  constructor(lines: string) {
    this.#bytes = Buffer.from(`NATS/1.0\r\n${lines}\r\n`, "latin1");
  }

  get size(): number {
    return this.#bytes.length;
  }

  encode(): Uint8Array {
    return this.#bytes;
  }
}

/** The payload of what carries nothing. */
export const nothing = new Uint8Array(0);

/** Writes the headers of a request. */
export function requestHeaders({ timeout, clock, from, traceparent }: RequestHeaders): EncodedHeaders {
  let lines = "";
  if (from !== undefined) lines += `Muove-From: ${from}\r\n`;
  if (timeout !== undefined) lines += `Muove-Timeout: ${Math.ceil(timeout)}\r\n`;
  if (clock !== undefined) lines += `Muove-Clock: ${Math.floor(clock)}\r\n`;
  if (traceparent !== undefined) lines += `traceparent: ${traceparent}\r\n`;
  return new EncodedHeaders(lines);
}

/** The headers of a success that says whose it is. */
export function senderHeaders(from: string): EncodedHeaders {
  return new EncodedHeaders(`Muove-From: ${from}\r\n`);
}

const traceparentForm = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const fromForm = /^[\w.-]{1,64}\/[\w.-]{1,64}$/;

/** Reads the headers of a request. What is malformed counts as missing: a header never makes a request fail. */
export function readRequestHeaders(msg: Msg): RequestHeaders {
  const headers = headersOf(msg);
  if (headers === undefined) return {};
  const timeout = wholeNumber(headers.get("Muove-Timeout"), longestTime);
  const clock = wholeNumber(headers.get("Muove-Clock"));
  const from = headers.get("Muove-From");
  const traceparent = headers.get("traceparent");
  return {
    ...(timeout === undefined ? {} : { timeout }),
    ...(clock === undefined ? {} : { clock }),
    ...(fromForm.test(from) ? { from } : {}),
    ...(traceparentForm.test(traceparent) ? { traceparent } : {}),
  };
}

/** A message's headers; nats-core parses them on first use and throws at malformed ones, which count as none. */
export function headersOf(msg: Msg): MsgHdrs | undefined {
  try {
    return msg.headers;
  } catch {
    return undefined;
  }
}

function wholeNumber(text: string, most = Number.MAX_SAFE_INTEGER): number | undefined {
  return /^\d{1,15}$/.test(text) ? Math.min(Number(text), most) : undefined;
}
