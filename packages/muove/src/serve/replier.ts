import { decode, type Encoding, encode, encodingOf, type Plain, written } from "../codec/index.js";
import type { Origin } from "../link/index.js";
import type { Answers } from "../wire/answers.js";
import { type HeaderBlock, senderHeaders } from "../wire/headers.js";
import { type ReplyStatus, statusHeaders } from "../wire/reply-status.js";
import { isStreamAcknowledgement } from "../wire/stream-acknowledgement.js";

// docs/protocol.md, clauses.

/** The size of an answer with its headers, and the server's limit, in bytes. */
export interface Oversize {
  readonly size: number;
  readonly limit: number;
}

/**
 * Answers one request, once, in its encoding. (An empty request is answered in MessagePack if it came from Muove, and
 * otherwise in JSON, which every other client can read.)
 */
export class Replier {
  readonly #answers: Answers;
  readonly #origin: Origin;
  readonly #subject: string;
  readonly encoding: Encoding;
  readonly #me: string;
  readonly #signature: string | undefined;
  #answered = false;

  /**
   * @param origin the connection that brought the request.
   * @param subject a reply subject that is allowed.
   * @param me the sender of answers. @param signature the same, if every answer must include it.
   */
  constructor(
    answers: Answers,
    origin: Origin,
    subject: string,
    encoding: Encoding,
    me: string,
    signature: string | undefined,
  ) {
    this.#answers = answers;
    this.#origin = origin;
    this.#subject = subject;
    this.encoding = encoding;
    this.#me = me;
    this.#signature = signature;
  }

  /**
   * Returns the sizes if the answer exceeds the server's limit; the caller is told, too.
   *
   * @throws Unencodable if the output has too many small values for its size.
   */
  success(output: Plain): Oversize | undefined {
    const payload = written(output);
    const from = this.#signature ?? (needsSender(payload) ? this.#me : undefined);
    return this.#send(payload, from === undefined ? undefined : senderHeaders(from));
  }

  /**
   * Answers with a declared error. Returns and throws the same as `success()`.
   */
  failed(code: string, text: string, data: Plain): Oversize | undefined {
    return this.#send(written(data), statusHeaders("failed", text, { code, from: this.#signature }));
  }

  /** Returns the same as `success()`. @param body plain data. */
  status(status: ReplyStatus, text: string, body: unknown): Oversize | undefined {
    return this.#send(encode(body, this.encoding), statusHeaders(status, text, { from: this.#signature }));
  }

  #send(payload: Uint8Array, headers: HeaderBlock = ""): Oversize | undefined {
    if (this.#answered) return undefined;
    this.#answered = true;
    const size = payload.length + headers.length;
    const limit = this.#answers.maxPayload;
    if (size <= limit) {
      this.#answers.send(this.#origin, this.#subject, payload, headers);
      return undefined;
    }
    const text = `answered with ${size} bytes and the NATS server allows ${limit}`;
    const refusal = statusHeaders("reply-too-large", text, { from: this.#signature });
    const body = encode({ size, limit }, this.encoding);
    // If not even this fits, the caller times out.
    if (body.length + refusal.length <= limit) this.#answers.send(this.#origin, this.#subject, body, refusal);
    return { size, limit };
  }
}

/** Whether a success could be mistaken for a stream acknowledgement. Most fail the cheap checks first. */
function needsSender(payload: Uint8Array): boolean {
  if (encodingOf(payload) !== "json") return false;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  return bytes.includes('"stream"') && isStreamAcknowledgement(decode(payload).value);
}
