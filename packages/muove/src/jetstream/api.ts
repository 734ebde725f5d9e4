import { clearTimeout, setTimeout } from "../base/timers.js";
import type { Inbox } from "../inbox/inbox.js";
import { nonce } from "../inbox/nonces.js";
import type { PendingReply } from "../inbox/pending-reply.js";
import type { Link, NatsMessage } from "../link/index.js";
import { isNoResponders } from "../wire/no-responders.js";

/**
 * What a request to the JetStream API came to.
 *
 * - `reply`: what it asked for.
 * - `error`: the API refused it. `errCode` is the server's own code, such as 10059 for a stream that is not there.
 * - `none`: nobody answers there: JetStream is not enabled, or has no leader at the moment.
 * - `silent`: no answer in time. `lost`: no connection, or it ended first.
 * - `forbidden`: NATS permissions refuse the request.
 */
export type ApiResult =
  | { readonly kind: "reply"; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: "error"; readonly code: number; readonly errCode: number; readonly description: string }
  | { readonly kind: "none" | "silent" | "lost" | "forbidden" };

/** How long the API may take, in ms. */
const timeout = 3_000;

/** What requests need from their bus. */
export interface ApiTransport {
  readonly link: Link;
  readonly inbox: Inbox;
}

/** Sends requests to the JetStream API, as far as kept mail needs it. Requests never reject. */
export class JetStreamApi {
  readonly #transport: ApiTransport;
  readonly #prefix: string;

  /** @param domain of JetStream; `undefined` for that of the server. */
  constructor(transport: ApiTransport, domain: string | undefined) {
    this.#transport = transport;
    this.#prefix = domain === undefined ? "$JS.API." : `$JS.${domain}.API.`;
  }

  /** The subject of a request, such as `STREAM.INFO.<stream>`. */
  subject(request: string): string {
    return this.#prefix + request;
  }

  request(request: string, body?: unknown): Promise<ApiResult> {
    const payload = body === undefined ? "" : JSON.stringify(body);
    return new Promise((resolve) => {
      new ApiRequest(this.#transport, this.subject(request), resolve).send(Buffer.from(payload));
    });
  }
}

class ApiRequest implements PendingReply {
  readonly nonce = nonce();
  readonly subject: string;
  readonly #transport: ApiTransport;
  readonly #resolve: (result: ApiResult) => void;
  readonly #token: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(transport: ApiTransport, subject: string, resolve: (result: ApiResult) => void) {
    this.subject = subject;
    this.#transport = transport;
    this.#resolve = resolve;
    this.#token = transport.inbox.open(this);
  }

  send(payload: Uint8Array): void {
    const { link, inbox } = this.#transport;
    this.#timer = setTimeout(() => this.#end({ kind: "silent" }), timeout).unref();
    const reply = inbox.subject(this.nonce, this.#token);
    if (!link.publish(this.subject, payload, { reply })) this.#end({ kind: "lost" });
  }

  received(message: NatsMessage): void {
    this.#end(isNoResponders(message) ? { kind: "none" } : resultIn(message.data));
  }

  lost(): void {
    this.#end({ kind: "lost" });
  }

  forbidden(): void {
    this.#end({ kind: "forbidden" });
  }

  #end(result: ApiResult): void {
    clearTimeout(this.#timer);
    this.#transport.inbox.close(this.#token);
    this.#resolve(result);
  }
}

/** Reads an answer of the API, or of a stream to what it stores. */
export function resultIn(data: Uint8Array): ApiResult {
  const body = objectIn(data);
  if (body === undefined) return { kind: "silent" };
  const { error } = body;
  if (typeof error !== "object" || error === null) return { kind: "reply", body };
  const { code, err_code: errCode, description } = error as Record<string, unknown>;
  return {
    kind: "error",
    code: numberOr(code, 500),
    errCode: numberOr(errCode, 0),
    description: typeof description === "string" ? description.slice(0, 256) : "no reason given",
  };
}

function objectIn(data: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString());
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const numberOr = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);
