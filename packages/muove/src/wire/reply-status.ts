import { maxNameLength, plainText } from "@muove/contract/internal";
import { type HeaderBlock, headerBlock, headerIn } from "./headers.js";

// docs/protocol.md, clauses.

/** The NATS service API's error code for each non-success status, for other NATS clients. The codes follow HTTP. */
const serviceErrorCode = {
  failed: 422,
  rejected: 400,
  refused: 403,
  "unknown-message": 404,
  crashed: 500,
  "reply-too-large": 507,
  overloaded: 429,
  draining: 503,
  interrupted: 503,
} as const;

/** The values of `Muove-Status`. A plain success has none. */
export type ReplyStatus = keyof typeof serviceErrorCode;

/** The upper bound of a retry-after, in ms. A mailbox may be full for longer, but callers should ask again. */
const longestRetry = 60_000;

/**
 * The headers of a reply that is not a plain success. They include the NATS service API's error headers, so that
 * clients without Muove see an error too.
 *
 * @param text for people; becomes one line.
 */
export function statusHeaders(
  status: ReplyStatus,
  text: string,
  extra: { readonly code?: string; readonly retryAfter?: number; readonly from?: string | undefined } = {},
): HeaderBlock {
  let lines = `Muove-Status: ${status}\r\n`;
  if (extra.from !== undefined) lines += `Muove-From: ${extra.from}\r\n`;
  if (extra.code !== undefined) lines += `Muove-Code: ${extra.code}\r\n`;
  if (extra.retryAfter !== undefined)
    lines += `Muove-Retry-After: ${Math.ceil(Math.min(longestRetry, extra.retryAfter))}\r\n`;
  lines += `Nats-Service-Error: ${oneLine(text)}\r\nNats-Service-Error-Code: ${serviceErrorCode[status]}\r\n`;
  return headerBlock(lines);
}

/** A header value must be one line of printable ASCII. */
function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 256);
}

/** The status of a reply that is not a plain success. `foreign` means an error from a NATS service without Muove. */
export interface StatusReply {
  readonly status: ReplyStatus | "foreign";
  /**
   * The service's error text, for people, or the received status. Like the code, it is cleaned, because any client can
   * have written it.
   */
  readonly text: string;
  readonly code: string;
  readonly retryAfter: number;
}

/** The status line after `NATS/1.0`. It is empty in every answer of a service. */
export function statusLineIn(headers: HeaderBlock): string {
  if (headers === "") return "";
  const end = headers.indexOf("\r\n");
  return plainText(headers.slice("NATS/1.0".length, end === -1 ? undefined : end)).trim();
}

/** Reads the status from a reply's headers. Undefined for a plain success. */
export function readStatus(headers: HeaderBlock): StatusReply | undefined {
  if (headers === "") return undefined;
  const status = headerIn(headers, "Muove-Status");
  const serviceError = headerIn(headers, "Nats-Service-Error") || headerIn(headers, "Nats-Service-Error-Code");
  if (status === "" && serviceError === "") return undefined;
  return {
    status: Object.hasOwn(serviceErrorCode, status) ? (status as ReplyStatus) : "foreign",
    text: plainText(serviceError || status),
    code: plainText(headerIn(headers, "Muove-Code"), maxNameLength),
    retryAfter: retryIn(headers),
  };
}

function retryIn(headers: HeaderBlock): number {
  const given = Number.parseInt(headerIn(headers, "Muove-Retry-After"), 10) || 0;
  return Math.min(longestRetry, Math.max(0, given));
}
