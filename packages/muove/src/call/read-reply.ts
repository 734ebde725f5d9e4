import type { Issue } from "@muove/contract";
import { maxNameLength, plainIssues, plainText, validate } from "@muove/contract/internal";
import { type Decoded, decode, Malformed } from "../codec/index.js";
import type { NatsMessage } from "../link/index.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { type HeaderBlock, readRequestHeaders } from "../wire/headers.js";
import { isNoResponders } from "../wire/no-responders.js";
import { readStatus, type StatusReply, statusLineIn } from "../wire/reply-status.js";
import { isStreamAcknowledgement } from "../wire/stream-acknowledgement.js";
import type { CallTarget } from "./target.js";

/**
 * The outcome that a message to the inbox means; `undefined` if it is not a reply (see isStreamAcknowledgement). Never
 * throws, even if a schema does: the call would wait in vain for another reply.
 */
export function readReply(to: CallTarget, message: NatsMessage): AnyOutcome | undefined {
  try {
    return read(to, message);
  } catch (error) {
    const why = error instanceof Error ? `: ${plainText(error.message)}` : "";
    return ending.invalidReply(to.address, [{ message: `our own schema failed${why}`, path: [] }]);
  }
}

function read(to: CallTarget, message: NatsMessage): AnyOutcome | undefined {
  const { address } = to;
  if (isNoResponders(message)) return ending.absent(address);
  const { headers } = message;
  const status = readStatus(headers);
  const line = status === undefined ? statusLineIn(headers) : "";
  if (line !== "")
    return ending.invalidReply(address, [{ message: `the status ${line}, which no service says`, path: [] }]);
  const decoded = decodeReply(message);
  if (decoded instanceof Malformed) {
    return status
      ? readFailure(to, status, undefined)
      : ending.invalidReply(address, [{ message: decoded.reason, path: [] }]);
  }
  return status ? readFailure(to, status, decoded.value) : readSuccess(to, decoded, headers);
}

function decodeReply(message: NatsMessage): Decoded | Malformed {
  try {
    return decode(message.data);
  } catch (error) {
    if (error instanceof Malformed) return error;
    throw error;
  }
}

function readSuccess(
  { address, definition }: CallTarget,
  { value, encoding }: Decoded,
  headers: HeaderBlock,
): AnyOutcome | undefined {
  if (encoding === "json" && isStreamAcknowledgement(value) && readRequestHeaders({ headers }).from === undefined) {
    return undefined;
  }
  const result = validate(definition.output, value, address);
  return result.issues ? ending.invalidReply(address, result.issues) : ending.ok(result.value);
}

function readFailure(to: CallTarget, { status, text, code, retryAfter }: StatusReply, body: unknown): AnyOutcome {
  const { address } = to;
  switch (status) {
    case "failed":
      return readDeclared(to, code, body);
    case "rejected":
      return ending.rejected(address, issuesIn(body));
    case "refused":
      return ending.refused(address, textIn(body) ?? text);
    case "unknown-message":
      return ending.unknownMessage(address);
    case "crashed":
      return ending.crashed(address, idIn(body));
    case "reply-too-large":
      return ending.replyTooLarge(address, text);
    case "overloaded":
      return ending.overloaded(address, retryAfter);
    case "draining":
      return ending.draining(address, "no");
    case "interrupted":
      return ending.draining(address, "maybe");
    case "foreign":
      return ending.crashed(address, undefined, `answered an error that is not of our contract: ${text}`);
  }
}

function readDeclared({ address, definition }: CallTarget, code: string, body: unknown): AnyOutcome {
  const schema = Object.hasOwn(definition.errors, code) ? definition.errors[code] : undefined;
  if (schema === undefined) {
    return ending.invalidReply(address, [{ message: `the error ${code} is not in our contract`, path: [] }]);
  }
  const result = validate(schema, body, address);
  if (result.issues) return ending.invalidReply(address, result.issues);
  return ending.failed(address, { code, data: result.value });
}

/** Bounds the work: no peer sends so many. */
const maxIssuesRead = 1_024;

/** The issues that have the form of clause R-4. */
function issuesIn(body: unknown): Issue[] {
  const { issues } = (body ?? {}) as { issues?: unknown };
  return Array.isArray(issues) ? plainIssues(issues.slice(0, maxIssuesRead).filter(isIssue)) : [];
}

function isIssue(value: unknown): value is Issue {
  const { message, path } = (value ?? {}) as { message?: unknown; path?: unknown };
  return (
    typeof message === "string" && Array.isArray(path) && path.every((key) => ["string", "number"].includes(typeof key))
  );
}

function textIn(body: unknown): string | undefined {
  const { text } = (body ?? {}) as { text?: unknown };
  return typeof text === "string" ? plainText(text) : undefined;
}

function idIn(body: unknown): string | undefined {
  const { id } = (body ?? {}) as { id?: unknown };
  return typeof id === "string" ? plainText(id, maxNameLength) : undefined;
}
