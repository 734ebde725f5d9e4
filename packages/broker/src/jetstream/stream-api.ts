import { refusals, streamRefusals } from "./api-error.js";
import type { ApiRequest } from "./api-request.js";
import { demand, isEmpty, type Said } from "./shapes.js";
import { type StreamConfig, streamConfig } from "./stream-config.js";
import { detailedInfo, streamInfo } from "./stream-info.js";
import type { Streams } from "./streams.js";
import { toKey } from "./units.js";

export const namesLimit = 1_024;
export const listLimit = 256;

/** The requests about streams: each takes what was asked for and returns the answer, or throws an ApiError. */
export class StreamApi {
  readonly #streams: Streams;

  constructor(streams: Streams) {
    this.#streams = streams;
  }

  create({ stream: name, body }: ApiRequest): object {
    const said = demand("stream", body);
    if ((said.name ?? "") !== name) throw streamRefusals.mismatch();
    if (/[\\/]/.test(name)) throw streamRefusals.pathSeparators();
    if (said.sealed) throw streamRefusals.invalid("stream configuration for create can not be sealed");
    if (said.mirror_direct) throw streamRefusals.invalid("stream has no mirror but does have mirror direct");
    const stream = this.#streams.create(streamConfig(said));
    return { ...streamInfo(stream), did_create: true };
  }

  update({ stream: name, body }: ApiRequest): object {
    const config: StreamConfig = streamConfig(demand("stream", body));
    if (config.name !== name) throw streamRefusals.mismatch();
    return streamInfo(this.#streams.update(config));
  }

  names({ body }: ApiRequest): object {
    const { offset, subject } = pageIn(body);
    const all = this.#streams.matching(subject).map(({ config }) => config.name);
    const streams = all.slice(offset, offset + namesLimit);
    return {
      total: all.length,
      offset: Math.min(offset, all.length),
      limit: namesLimit,
      streams: streams.length > 0 ? streams : null,
    };
  }

  list({ body }: ApiRequest): object {
    const { offset, subject } = pageIn(body);
    const all = this.#streams.matching(subject);
    const streams = all.slice(offset, offset + listLimit).map((stream) => streamInfo(stream));
    return { total: all.length, offset: Math.min(offset, all.length), limit: listLimit, streams };
  }

  info({ stream, body, serverId }: ApiRequest): object {
    const request: Said = isEmpty(body) ? {} : demand("streamInfo", body);
    return { ...detailedInfo(this.#streams.demand(stream), request), cluster: { leader: serverId } };
  }

  delete({ stream, body }: ApiRequest): object {
    if (!isEmpty(body)) throw refusals.notEmpty();
    this.#streams.delete(stream);
    return { success: true };
  }

  purge({ stream: name, body }: ApiRequest): object {
    const request: Said = isEmpty(body) ? {} : demand("purge", body);
    const { seq = 0, keep = 0, filter } = request as { seq?: number; keep?: number; filter?: string };
    if (seq > 0 && keep > 0) throw refusals.badRequest();
    const stream = this.#streams.demand(name);
    if (stream.config.sealed) throw streamRefusals.sealed();
    if (stream.config.deny_purge) throw streamRefusals.purgeFailed("stream purge not permitted");
    const pattern = filter && filter !== ">" ? toKey(filter) : undefined;
    return { success: true, purged: stream.purge(seq, pattern, keep) };
  }
}

/** Which page of a list is asked for. @throws ApiError */
export function pageIn(body: Buffer): { readonly offset: number; readonly subject: string | undefined } {
  const { offset = 0, subject } = isEmpty(body) ? ({} as Said) : demand("page", body);
  return { offset: Math.max(0, offset as number), subject: subject as string | undefined };
}
