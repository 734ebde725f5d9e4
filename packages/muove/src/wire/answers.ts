import { plainText } from "@muove/contract/internal";
import type { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Link, Origin } from "../link/index.js";
import type { HeaderBlock } from "./headers.js";

// docs/protocol.md, clauses I-2 and I-3.

/** Where the inboxes of NATS clients are, those of Muove among them; and what a service sees of one in another account. */
const inboxes = ["_INBOX", "_R_."];

/** Where what is refused is counted. */
interface Refused {
  refusedReplySubjects: number;
}

/**
 * The one door by which answers leave, of every kind. Who sends a request chooses the subject of its answer, and so where this service
 * publishes, by its own permissions: an answer goes to inboxes only.
 *
 * ANSWERS-1 Nothing is published at another subject for a request's sake. What asks for that is counted, and logged
 *   once a second at most.
 * ANSWERS-2 An answer goes out on the connection that brought its request, or on the current one where that is gone.
 */
export class Answers {
  readonly #link: Link;
  readonly #counts: Refused;
  readonly #log: RateLimitedLog;
  readonly #inboxes: readonly string[];

  /** @param prefixes of the inboxes of other clients: tokens, without the dot behind them. */
  constructor(link: Link, counts: Refused, log: RateLimitedLog, prefixes: readonly string[]) {
    this.#link = link;
    this.#counts = counts;
    this.#log = log;
    this.#inboxes = [...inboxes, ...prefixes.map((prefix) => `${prefix}.`)];
  }

  /** The server's limit for an answer and its headers, in bytes. */
  get maxPayload(): number {
    return this.#link.maxPayload;
  }

  /** Whether an answer may go there (ANSWERS-1). Nothing at all is fine: then nobody wants one. */
  mayGoTo(reply: string): boolean {
    if (reply === "") return true;
    for (const inbox of this.#inboxes) if (reply.startsWith(inbox)) return true;
    this.#counts.refusedReplySubjects++;
    const text =
      "a request was refused, as its reply subject is no inbox; list the inbox prefixes of other clients in replyPrefixes";
    this.#log.warn("reply subject", () => ({ reply: plainText(reply) }), text);
    return false;
  }

  /** Sends an answer to where one may go. Where the server takes less than that, its caller learns nothing before its deadline. */
  send(origin: Origin, reply: string, payload: Uint8Array, headers: HeaderBlock): void {
    if (reply === "") return;
    const options = { headers };
    if (origin.publish(reply, payload, options) || this.#link.publish(reply, payload, options)) return; // ANSWERS-2
    const size = payload.length + headers.length;
    const text = "an answer could not be sent, as the server takes less";
    if (size > this.maxPayload) this.#log.warn("answer", () => ({ size }), text);
  }
}
