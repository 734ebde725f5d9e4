import type { Publication } from "../wire/publication.js";
import { ApiError, refusals } from "./api-error.js";
import type { ApiRequest } from "./api-request.js";
import { ConsumerApi } from "./consumer-api.js";
import type { House } from "./house.js";
import { MessageApi } from "./message-api.js";
import { StreamApi } from "./stream-api.js";
import type { Streams } from "./streams.js";
import { toText } from "./units.js";

/** What answers a request, and the type of its answers. */
interface Route {
  readonly type: string;
  /** What a refusal says beside its reason, as Go writes what is empty. */
  readonly empty: object;
  answer(request: ApiRequest): object;
}

const prefix = "$JS.API.";

const noPage = { total: 0, offset: 0, limit: 0 };

/** The JetStream API: requests to `$JS.API.…`. */
export class Api {
  readonly #house: House;
  readonly #streams: Streams;
  readonly #serverId: string;
  readonly #messages: MessageApi;
  readonly #routes: ReadonlyMap<string, Route>;
  #total = 0;
  #errors = 0;

  constructor(house: House, streams: Streams, serverId: string) {
    this.#house = house;
    this.#streams = streams;
    this.#serverId = serverId;
    this.#messages = new MessageApi(streams, house.outlet);
    this.#routes = new Map(Object.entries(this.#table()));
  }

  /** False: nobody answers there. */
  readonly take = (publication: Publication): boolean => {
    const tokens = publication.subject.slice(prefix.length).split(".");
    const body = bodyOf(publication);
    const { reply } = publication;
    if (publication.subject.startsWith(`${prefix}CONSUMER.MSG.NEXT.`)) return this.#next(tokens, reply, body);
    if (publication.subject.startsWith(`${prefix}DIRECT.GET.`)) {
      const [, , stream = "", ...last] = tokens;
      return this.#messages.getDirectly(toText(stream), last.length > 0 ? last.join(".") : undefined, reply, body);
    }
    const route = this.#find(tokens);
    // As in nats-server, what is no request at all is not answered.
    if (route !== undefined) this.#answer(route.route, { ...route.names, body, serverId: this.#serverId }, reply);
    return true;
  };

  /** What is known of the account. */
  #account(): object {
    const all = this.#streams.all;
    const bytes = (storage: string): number =>
      all.filter(({ config }) => config.storage === storage).reduce((sum, { store }) => sum + store.bytes, 0);
    return {
      memory: bytes("memory"),
      storage: bytes("file"),
      reserved_memory: this.#reserved("memory"),
      reserved_storage: this.#reserved("file"),
      streams: all.length,
      consumers: all.reduce((sum, { consumers }) => sum + consumers.size, 0),
      limits: {
        max_memory: -1,
        max_storage: -1,
        max_streams: -1,
        max_consumers: -1,
        max_ack_pending: -1,
        memory_max_stream_bytes: -1,
        storage_max_stream_bytes: -1,
        max_bytes_required: false,
      },
      api: { total: this.#total, errors: this.#errors },
    };
  }

  #reserved(storage: string): number {
    const those = this.#streams.all.filter(({ config }) => config.storage === storage);
    return those.reduce((sum, { config }) => sum + Math.max(0, config.max_bytes), 0);
  }

  #next([, , , stream = "", consumer = "", ...more]: readonly string[], reply: string, body: Buffer): boolean {
    if (more.length > 0) return false;
    const found = this.#streams.find(toText(stream))?.consumers.get(toText(consumer));
    if (found === undefined) return false;
    if (reply !== "") found.request(reply, body);
    return true;
  }

  #answer({ type, empty, answer }: Route, request: ApiRequest, reply: string): void {
    const named = `io.nats.jetstream.api.v1.${type}_response`;
    let said: object;
    try {
      said = answer(request);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#errors++;
      said = { error, ...empty };
    }
    this.#total++;
    if (reply !== "") this.#house.outlet.say(reply, JSON.stringify({ type: named, ...said }));
  }

  /** Routes are named by their tokens; `*` is a name, `>` a rest. */
  #find(tokens: readonly string[]) {
    for (const [verbs, names] of splits(tokens)) {
      const route = this.#routes.get(`${verbs.join(".")}/${Math.min(names.length, 3)}`);
      if (route === undefined) continue;
      const [stream = "", consumer = "", ...rest] = names;
      return { route, names: { stream: toText(stream), consumer: toText(consumer), rest: rest.join(".") } };
    }
    return undefined;
  }

  /** By verbs and the number of names that follow; 3 for three or more. */
  #table(): Record<string, Route> {
    const streams = new StreamApi(this.#streams);
    const consumers = new ConsumerApi(this.#house, this.#streams);
    const route = (type: string, answer: Route["answer"], empty = {}): Route => ({ type, empty, answer });
    const clusterOnly = (): never => {
      throw refusals.clusterRequired();
    };
    return {
      "INFO/0": route("account_info", () => this.#account()),
      "STREAM.CREATE/1": route("stream_create", (request) => streams.create(request)),
      "STREAM.UPDATE/1": route("stream_update", (request) => streams.update(request)),
      "STREAM.NAMES/0": route("stream_names", (request) => streams.names(request), { ...noPage, streams: null }),
      "STREAM.LIST/0": route("stream_list", (request) => streams.list(request), { ...noPage, streams: [] }),
      "STREAM.INFO/1": route("stream_info", (request) => streams.info(request), noPage),
      "STREAM.DELETE/1": route("stream_delete", (request) => streams.delete(request)),
      "STREAM.PURGE/1": route("stream_purge", (request) => streams.purge(request), { purged: 0 }),
      "STREAM.MSG.GET/1": route("stream_msg_get", (request) => this.#messages.get(request)),
      "STREAM.MSG.DELETE/1": route("stream_msg_delete", (request) => this.#messages.delete(request)),
      "STREAM.LEADER.STEPDOWN/1": route("stream_leader_stepdown", clusterOnly),
      "CONSUMER.CREATE/1": route("consumer_create", (request) => consumers.createEphemeral(request)),
      "CONSUMER.CREATE/2": route("consumer_create", (request) => consumers.createNamed(request)),
      "CONSUMER.CREATE/3": route("consumer_create", (request) => consumers.createNamed(request)),
      "CONSUMER.DURABLE.CREATE/2": route("consumer_create", (request) => consumers.createDurable(request)),
      "CONSUMER.NAMES/1": route("consumer_names", (request) => consumers.names(request), { ...noPage, consumers: [] }),
      "CONSUMER.LIST/1": route("consumer_list", (request) => consumers.list(request), { ...noPage, consumers: [] }),
      "CONSUMER.INFO/2": route("consumer_info", (request) => consumers.info(request)),
      "CONSUMER.DELETE/2": route("consumer_delete", (request) => consumers.delete(request)),
      "CONSUMER.LEADER.STEPDOWN/2": route("consumer_leader_stepdown", clusterOnly),
    };
  }
}

/** The ways to cut a subject into verbs and names: three verbs first, as names may be like verbs. */
function* splits(tokens: readonly string[]): Generator<readonly [readonly string[], readonly string[]]> {
  for (const verbs of [3, 2, 1]) if (tokens.length >= verbs) yield [tokens.slice(0, verbs), tokens.slice(verbs)];
}

/** A copy, as requests may be kept. */
function bodyOf({ bytes, start, end, headerSize }: Publication): Buffer {
  return Buffer.from(bytes.subarray(start + headerSize, end - 2));
}
