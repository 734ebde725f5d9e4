import { type HeaderBlock, headerBlock, headerIn } from "./headers.js";

// docs/protocol.md, clauses.

/** What other NATS clients see of each reply that is no plain success: a code as in the NATS service API, after HTTP's. */
const serviceErrorCode = {
  failed: 422,
  rejected: 400,
  "unknown-message": 404,
  crashed: 500,
  "reply-too-large": 507,
  overloaded: 429,
  draining: 503,
} as const;

/** The replies that are no plain success, as `Muove-Status` names them. */
export type ReplyStatus = keyof typeof serviceErrorCode;

/**
 * The headers of a reply that is no plain success. They carry the NATS service API's error headers too, so that clients
 * that know nothing of Muove see an error.
 *
 * @param text for people; on one line.
 */
export function statusHeaders(
  status: ReplyStatus,
  text: string,
  extra: { readonly code?: string; readonly retryAfter?: number; readonly from?: string | undefined } = {},
): HeaderBlock {
  let lines = `Muove-Status: ${status}\r\n`;
  if (extra.from !== undefined) lines += `Muove-From: ${extra.from}\r\n`;
  if (extra.code !== undefined) lines += `Muove-Code: ${extra.code}\r\n`;
  if (extra.retryAfter !== undefined) lines += `Muove-Retry-After: ${Math.ceil(extra.retryAfter)}\r\n`;
  lines += `Nats-Service-Error: ${oneLine(text)}\r\nNats-Service-Error-Code: ${serviceErrorCode[status]}\r\n`;
  return headerBlock(lines);
}

/** Header values are one line of printable ASCII. */
function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 256);
}

/** The status of a reply that is no plain success; `foreign` for the error of a NATS service that is not Muove's. */
export interface StatusReply {
  readonly status: ReplyStatus | "foreign";
  /** The status as it came, also where it is none that we know. */
  readonly text: string;
  readonly code: string;
  readonly retryAfter: number;
}

/** Reads the status from a reply's headers; nothing for a plain success. */
export function readStatus(headers: HeaderBlock): StatusReply | undefined {
  if (headers === "") return undefined;
  const status = headerIn(headers, "Muove-Status");
  const serviceError = headerIn(headers, "Nats-Service-Error") || headerIn(headers, "Nats-Service-Error-Code");
  if (status === "" && serviceError === "") return undefined;
  return {
    status: Object.hasOwn(serviceErrorCode, status) ? (status as ReplyStatus) : "foreign",
    text: serviceError || status,
    code: headerIn(headers, "Muove-Code"),
    retryAfter: Math.max(0, Number.parseInt(headerIn(headers, "Muove-Retry-After"), 10) || 0),
  };
}
