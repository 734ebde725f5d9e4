import { plainText } from "@muove/contract/internal";
import type { RateLimitedLog } from "../base/rate-limited-log.js";
import type { Link, Origin } from "../link/index.js";
import type { HeaderBlock } from "./headers.js";

// docs/protocol.md, clauses I-2 and I-3.

/**
 * The inbox prefixes of NATS clients, Muove included, and the form in which a service sees an inbox of another account.
 */
const inboxes = ["_INBOX", "_R_."];

/** Something that answers requests later than it gets them. */
export interface Respondent {
  /** Whether it has a request that came by this connection, and whose sender still waits for the answer. */
  owes(origin: Origin): boolean;
}

/** The counter of refusals. */
interface Refused {
  refusedReplySubjects: number;
}

/**
 * Sends every kind of answer. The sender of a request chooses the reply subject, and with it where this service
 * publishes with its own permissions. So answers go to inboxes only.
 *
 * ANSWERS-1 No request makes this service publish to another subject. A request that tries is counted, and logged at
 *   most once a second.
 * ANSWERS-2 An answer goes out on the connection that delivered its request, or on the current one if that is gone.
 *   That connection is kept while a respondent owes an answer.
 */
export class Answers {
  readonly #link: Link;
  readonly #counts: Refused;
  readonly #log: RateLimitedLog;
  readonly #inboxes: readonly string[];
  readonly #respondents = new Set<Respondent>();

  /** @param prefixes inbox prefixes of other clients, without the trailing dot. */
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

  /** From now on, connections wait for the answers of this respondent. Returns a function that ends that. */
  await(respondent: Respondent): () => void {
    this.#respondents.add(respondent);
    return () => void this.#respondents.delete(respondent);
  }

  /** Whether any respondent owes an answer on this connection. */
  due(origin: Origin): boolean {
    for (const respondent of this.#respondents) if (respondent.owes(origin)) return true;
    return false;
  }

  /** Whether an answer may go to that subject (ANSWERS-1). "" is allowed: the sender wants no answer. */
  mayGoTo(reply: string): boolean {
    if (reply === "") return true;
    for (const inbox of this.#inboxes) if (reply.startsWith(inbox)) return true;
    this.#counts.refusedReplySubjects++;
    const text =
      "refused a request whose reply subject is not an inbox; list other clients' inbox prefixes in replyPrefixes";
    this.#log.warn("reply subject", () => ({ reply: plainText(reply) }), text);
    return false;
  }

  /**
   * Sends an answer to an allowed subject. If it exceeds the server's limit, the caller gets nothing until its
   * deadline.
   */
  send(origin: Origin, reply: string, payload: Uint8Array, headers: HeaderBlock): void {
    if (reply === "") return;
    const options = { headers };
    if (origin.publish(reply, payload, options) || this.#link.publish(reply, payload, options)) return; // ANSWERS-2
    const size = payload.length + headers.length;
    const text = "an answer was not sent: it exceeds the server's max_payload";
    if (size > this.maxPayload) this.#log.warn("answer", () => ({ size }), text);
  }
}
