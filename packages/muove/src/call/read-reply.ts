import type { Issue } from "@muove/contract";
import { validate } from "@muove/contract/internal";
import { type Decoded, decode, type Encoding, Malformed } from "../codec/index.js";
import type { Message } from "../link/index.js";
import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import { isNoResponders } from "../wire/no-responders.js";
import { readStatus, type StatusReply } from "../wire/reply-status.js";
import { isStreamAcknowledgement } from "../wire/stream-acknowledgement.js";
import type { CallTarget } from "./target.js";

/** The call that a reply is read for. */
export interface Asked {
  readonly target: CallTarget;
  /** The encoding of the request. */
  readonly encoding: Encoding | undefined;
}

/**
 * What a message to the inbox means for the call; nothing where it is no reply at all (see isStreamAcknowledgement).
 * Never throws, even where a schema does: the call would wait for another answer in vain.
 */
export function readReply(asked: Asked, message: Message): AnyOutcome | undefined {
  try {
    return read(asked, message);
  } catch (error) {
    const why = error instanceof Error ? `: ${error.message}` : "";
    return ending.invalidReply(asked.target.address, [{ message: `our own schema failed${why}`, path: [] }]);
  }
}

function read(asked: Asked, message: Message): AnyOutcome | undefined {
  const { address } = asked.target;
  if (isNoResponders(message)) return ending.absent(address);
  const status = readStatus(message.headers);
  const decoded = decodeReply(message);
  if (decoded instanceof Malformed) {
    return status
      ? readFailure(asked, status, undefined)
      : ending.invalidReply(address, [{ message: decoded.reason, path: [] }]);
  }
  return status ? readFailure(asked, status, decoded.value) : readSuccess(asked, decoded);
}

function decodeReply(message: Message): Decoded | Malformed {
  try {
    return decode(message.data);
  } catch (error) {
    if (error instanceof Malformed) return error;
    throw error;
  }
}

function readSuccess({ target: { address, definition }, encoding }: Asked, decoded: Decoded): AnyOutcome | undefined {
  const { value, encoding: replied } = decoded;
  const acknowledges = replied === "json" && isStreamAcknowledgement(value);
  if (acknowledges && (encoding !== "json" || definition.output === undefined)) return undefined;
  const result = validate(definition.output, value, address);
  if (!result.issues) return ending.ok(result.value);
  return acknowledges ? undefined : ending.invalidReply(address, result.issues);
}

function readFailure(asked: Asked, { status, text, code, retryAfter }: StatusReply, body: unknown): AnyOutcome {
  const { address } = asked.target;
  switch (status) {
    case "failed":
      return readDeclared(asked, code, body);
    case "rejected":
      return ending.rejected(address, issuesIn(body));
    case "unknown-message":
      return ending.unknownMessage(address);
    case "crashed":
      return ending.crashed(address, idIn(body));
    case "reply-too-large":
      return ending.replyTooLarge(address, text);
    case "overloaded":
      return ending.overloaded(address, retryAfter);
    case "draining":
      return ending.draining(address);
    case "foreign":
      return ending.crashed(address, undefined, `answered an error that is not of our contract: ${text}`);
  }
}

function readDeclared({ target: { address, definition } }: Asked, code: string, body: unknown): AnyOutcome {
  const schema = Object.hasOwn(definition.errors, code) ? definition.errors[code] : undefined;
  if (schema === undefined) {
    return ending.invalidReply(address, [{ message: `the error ${code} is not in our contract`, path: [] }]);
  }
  const result = validate(schema, body, address);
  if (result.issues) return ending.invalidReply(address, result.issues);
  return ending.failed(address, { code, data: result.value });
}

/** A refusal's issues, as far as they are in the form of clause R-4. */
function issuesIn(body: unknown): Issue[] {
  const { issues } = (body ?? {}) as { issues?: unknown };
  return Array.isArray(issues) ? issues.filter(isIssue) : [];
}

function isIssue(value: unknown): value is Issue {
  const { message, path } = (value ?? {}) as { message?: unknown; path?: unknown };
  return (
    typeof message === "string" && Array.isArray(path) && path.every((key) => ["string", "number"].includes(typeof key))
  );
}

function idIn(body: unknown): string | undefined {
  const { id } = (body ?? {}) as { id?: unknown };
  return typeof id === "string" ? id : undefined;
}
