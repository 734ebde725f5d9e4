import { decode, type Encoding, encode, encodingOf } from "../codec/index.js";
import type { Origin } from "../link/index.js";
import type { Answers } from "../wire/answers.js";
import { type HeaderBlock, senderHeaders } from "../wire/headers.js";
import { type ReplyStatus, statusHeaders } from "../wire/reply-status.js";
import { isStreamAcknowledgement } from "../wire/stream-acknowledgement.js";

// docs/protocol.md, clauses.

/** The size of an answer and its headers, and what the server allows, in bytes. */
export interface Oversize {
  readonly size: number;
  readonly limit: number;
}

/**
 * Answers one request, in its encoding. (A request that carried nothing is answered in MessagePack when it came from
 * Muove, and in JSON otherwise: then somebody reads it with another client.)
 */
export class Replier {
  readonly #answers: Answers;
  readonly #origin: Origin;
  readonly #subject: string;
  readonly #encoding: Encoding;
  readonly #me: string;
  readonly #signature: string | undefined;

  /**
   * @param origin the connection that brought the request.
   * @param subject where answers may go.
   * @param me who answers. @param signature the same where every answer must say so.
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
    this.#encoding = encoding;
    this.#me = me;
    this.#signature = signature;
  }

  /**
   * Returns by how much it did not fit into a message, if so; the caller is told that, too.
   *
   * @throws Unencodable when the output is nothing that the encoding can carry.
   */
  success(output: unknown): Oversize | undefined {
    const payload = encode(output, this.#encoding);
    const from = this.#signature ?? (mustSayWhose(payload) ? this.#me : undefined);
    return this.#send(payload, from === undefined ? undefined : senderHeaders(from));
  }

  /**
   * As for `success()`.
   *
   * @throws Unencodable when the body is nothing that the encoding can carry.
   */
  status(status: ReplyStatus, text: string, body: unknown, extra?: { code?: string }): Oversize | undefined {
    return this.#send(encode(body, this.#encoding), statusHeaders(status, text, { ...extra, from: this.#signature }));
  }

  #send(payload: Uint8Array, headers: HeaderBlock = ""): Oversize | undefined {
    const size = payload.length + headers.length;
    const limit = this.#answers.maxPayload;
    if (size <= limit) {
      this.#answers.send(this.#origin, this.#subject, payload, headers);
      return undefined;
    }
    const text = `answered with ${size} bytes and the NATS server allows ${limit}`;
    const refusal = statusHeaders("reply-too-large", text, { from: this.#signature });
    const body = encode({ size, limit }, this.#encoding);
    // A server may allow so little that not even this fits: then the caller learns it from its deadline.
    if (body.length + refusal.length <= limit) this.#answers.send(this.#origin, this.#subject, body, refusal);
    return { size, limit };
  }
}

/** Whether a success would be taken for a stream's acknowledgement otherwise. Few are looked at twice. */
function mustSayWhose(payload: Uint8Array): boolean {
  if (encodingOf(payload) !== "json") return false;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  return bytes.includes('"stream"') && isStreamAcknowledgement(decode(payload).value);
}
