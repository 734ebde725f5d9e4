import { matcher } from "../subjects/subjects.js";
import { refusals, streamRefusals } from "./api-error.js";
import type { ApiRequest } from "./api-request.js";
import type { Outlet } from "./outlet.js";
import { demand, isEmpty, type Said, said } from "./shapes.js";
import { headerOf, payloadOf, type StoredMessage } from "./stored-message.js";
import type { Stream } from "./stream.js";
import type { Streams } from "./streams.js";
import { timestamp, toKey, toText } from "./units.js";

/** Which message is asked for. */
interface Wanted {
  readonly seq?: number;
  readonly last_by_subj?: string;
  readonly next_by_subj?: string;
}

/** The requests about messages of a stream. */
export class MessageApi {
  readonly #streams: Streams;
  readonly #outlet: Outlet;

  constructor(streams: Streams, outlet: Outlet) {
    this.#streams = streams;
    this.#outlet = outlet;
  }

  get({ stream, body }: ApiRequest): object {
    if (isEmpty(body)) throw refusals.badRequest();
    const wanted: Wanted = demand("getMessage", body);
    if (!isClear(wanted) || (wanted.seq && wanted.last_by_subj)) throw refusals.badRequest();
    const message = find(this.#streams.demand(stream), wanted);
    if (message === undefined) throw streamRefusals.noMessage();
    const { subject, sequence, at, headerSize } = message;
    return {
      message: {
        subject: toText(subject),
        seq: sequence,
        ...(headerSize > 0 && { hdrs: headerOf(message).toString("base64") }),
        ...(payloadOf(message).length > 0 && { data: payloadOf(message).toString("base64") }),
        time: timestamp(at),
      },
    };
  }

  delete({ stream: name, body }: ApiRequest): object {
    if (isEmpty(body)) throw refusals.badRequest();
    const { seq = 0 } = demand("deleteMessage", body) as { seq?: number };
    const stream = this.#streams.demand(name);
    if (stream.config.sealed) throw streamRefusals.sealed();
    if (stream.config.deny_delete) throw streamRefusals.deleteFailed("message delete not permitted");
    const message = stream.store.get(seq);
    if (message === undefined) throw streamRefusals.noSequence(seq);
    stream.store.remove(message);
    return { success: true };
  }

  /** Answers with the message itself, or a status. False: the stream does not allow it. @param last its subject, if that was in the request's. */
  getDirectly(name: string, last: string | undefined, reply: string, body: Buffer): boolean {
    const stream = this.#streams.find(name);
    if (!stream?.config.allow_direct) return false;
    if (reply === "") return true;
    const wanted = last === undefined ? wantedIn(body) : { last_by_subj: last };
    if (typeof wanted === "string") this.#outlet.status(reply, `408 ${wanted}`);
    else this.#answer(reply, name, find(stream, wanted));
    return true;
  }

  #answer(reply: string, stream: string, message: StoredMessage | undefined): void {
    if (message === undefined) return this.#outlet.status(reply, "404 Message Not Found");
    this.#outlet.answer(reply, message, {
      "Nats-Stream": toKey(stream),
      "Nats-Subject": message.subject,
      "Nats-Sequence": message.sequence,
      "Nats-Time-Stamp": timestamp(message.at),
    });
  }
}

/** Whether a request names one message, in one way. */
const isClear = ({ seq, last_by_subj: last, next_by_subj: next }: Wanted): boolean =>
  Boolean(seq || last || next) && !(last && next);

function wantedIn(body: Buffer): Wanted | string {
  if (body.length === 0) return "Empty Request";
  const wanted: Said | undefined = said("getMessage", body);
  if (wanted === undefined) return "Malformed Request";
  if (!wanted.seq && !wanted.last_by_subj && !wanted.next_by_subj) return "Empty Request";
  if (!isClear(wanted) || (wanted.seq && wanted.last_by_subj)) return "Bad Request";
  return wanted;
}

function find({ store }: Stream, { seq = 0, last_by_subj, next_by_subj }: Wanted): StoredMessage | undefined {
  if (next_by_subj) return nextOn(store, toKey(next_by_subj), seq);
  return last_by_subj ? store.lastOn(toKey(last_by_subj)) : store.get(seq);
}

function nextOn(store: Stream["store"], pattern: string, from: number): StoredMessage | undefined {
  const matches = matcher(pattern);
  let message = store.next(from);
  while (message !== undefined && !matches(message.subject)) message = store.next(message.sequence + 1);
  return message;
}
