import { collide } from "../subjects/subjects.js";
import { consumerRefusals, refusals, streamRefusals } from "./api-error.js";
import type { ApiRequest } from "./api-request.js";
import type { Consumer } from "./consumer.js";
import { type ConsumerConfig, consumerConfig, filtersOf } from "./consumer-config.js";
import { checkConsumerUpdate } from "./consumer-update.js";
import type { House } from "./house.js";
import { randomName } from "./random-name.js";
import { demand, demandConsumer, isEmpty, type Said } from "./shapes.js";
import type { Stream } from "./stream.js";
import { listLimit, namesLimit, pageIn } from "./stream-api.js";
import { isName, maxNameLength } from "./stream-config.js";
import type { Streams } from "./streams.js";
import { toText } from "./units.js";

/** What a consumer takes of memory, by an estimate. */
const weight = 16_384;

/** The requests about consumers: each takes what was asked for and returns the answer, or throws an ApiError. */
export class ConsumerApi {
  readonly #house: House;
  readonly #streams: Streams;

  constructor(house: House, streams: Streams) {
    this.#house = house;
    this.#streams = streams;
  }

  /** `CREATE.<stream>`: with a name that is made up. */
  createEphemeral({ stream, body }: ApiRequest): object {
    const { config, action, stream_name } = demandCreation(body);
    if ((stream_name ?? "") !== stream) throw streamRefusals.mismatch();
    if (config.durable_name) throw consumerRefusals.ephemeralWithDurable();
    return this.#create(stream, config, action);
  }

  /** `DURABLE.CREATE.<stream>.<consumer>`. */
  createDurable({ stream, consumer, body }: ApiRequest): object {
    const { config, action, stream_name } = demandCreation(body);
    checkNames(stream, consumer, stream_name);
    if (!config.durable_name) throw consumerRefusals.durableNotSet();
    if (config.durable_name !== consumer) throw consumerRefusals.durableMismatch();
    return this.#create(stream, config, action);
  }

  /** `CREATE.<stream>.<consumer>[.<filter>]`. */
  createNamed({ stream, consumer, rest, body }: ApiRequest): object {
    const { config, action, stream_name } = demandCreation(body);
    checkNames(stream, consumer, stream_name);
    if (config.durable_name && config.durable_name !== consumer) throw consumerRefusals.durableMismatch();
    if (rest !== "") {
      if ((config.filter_subjects as unknown[] | undefined)?.length) throw consumerRefusals.filtersInSubject();
      if (config.filter_subject !== toText(rest)) throw consumerRefusals.filterMismatch();
    }
    return this.#create(stream, { ...config, name: consumer }, action);
  }

  names({ stream, body }: ApiRequest): object {
    const { offset } = pageIn(body);
    const all = sortedConsumers(this.#streams.demand(stream)).map(({ name }) => name);
    const consumers = all.slice(offset, offset + namesLimit);
    return { total: all.length, offset: Math.min(offset, all.length), limit: namesLimit, consumers };
  }

  list({ stream, body }: ApiRequest): object {
    const { offset } = pageIn(body);
    const all = sortedConsumers(this.#streams.demand(stream));
    const consumers = all.slice(offset, offset + listLimit).map((consumer) => consumer.info());
    return { total: all.length, offset: Math.min(offset, all.length), limit: listLimit, consumers };
  }

  info({ stream, consumer, body }: ApiRequest): object {
    if (!isEmpty(body)) throw refusals.notEmpty();
    return demandConsumerOf(this.#streams.demand(stream), consumer).info();
  }

  delete({ stream: name, consumer, body }: ApiRequest): object {
    if (!isEmpty(body)) throw refusals.notEmpty();
    const stream = this.#streams.demand(name);
    stream.removeConsumer(demandConsumerOf(stream, consumer));
    return { success: true };
  }

  #create(streamName: string, said: Said, action: unknown): object {
    if (((said.num_replicas as number | undefined) ?? 0) > 1) throw streamRefusals.replicas();
    const stream = this.#streams.demand(streamName);
    const config = consumerConfig(said, stream.config);
    const name = config.durable_name ?? config.name;
    const known = name === undefined ? undefined : stream.consumers.get(name);
    if (known !== undefined) return this.#update(stream, known, config, action);
    if (action === "update") throw consumerRefusals.doesNotExist();
    return this.#add(stream, name ?? randomName(), config);
  }

  #update(stream: Stream, consumer: Consumer, config: ConsumerConfig, action: unknown): object {
    const same = JSON.stringify(config) === JSON.stringify(consumer.config);
    if (action === "create" && !same) throw consumerRefusals.exists();
    if (stream.config.retention === "workqueue") checkUnique(stream, config, consumer.name);
    checkConsumerUpdate(consumer.config, config);
    stream.updateConsumer(consumer, config);
    return consumer.info();
  }

  #add(stream: Stream, name: string, config: ConsumerConfig): object {
    const { budget, advisories } = this.#house;
    const { max_consumers, retention } = stream.config;
    if (max_consumers > 0 && stream.consumers.size >= max_consumers) throw consumerRefusals.tooMany();
    if (retention === "workqueue") checkForQueue(stream, config, name);
    if (Buffer.byteLength(name) > maxNameLength) throw consumerRefusals.nameTooLong(maxNameLength);
    if (!isName(name)) throw consumerRefusals.badName();
    if (!budget.hasRoomFor(weight)) throw refusals.insufficientResources();
    const consumer = stream.addConsumer(name, config);
    advisories.consumer("create", stream.config.name, name);
    return consumer.info();
  }
}

function demandCreation(body: Buffer): { config: Said; action: unknown; stream_name: unknown } {
  const { config, action, stream_name } = demand("createConsumer", body);
  return { config: demandConsumer(config), action, stream_name };
}

function checkNames(stream: string, consumer: string, said: unknown): void {
  if ((said ?? "") !== stream) throw streamRefusals.mismatch();
  if (/[\\/]/.test(consumer)) throw consumerRefusals.pathSeparators();
}

function checkForQueue(stream: Stream, config: ConsumerConfig, name: string): void {
  if (config.ack_policy !== "explicit") throw consumerRefusals.queueNeedsExplicit();
  if (stream.consumers.size > 0) {
    if (filtersOf(config).length === 0) throw consumerRefusals.queueUnfiltered();
    checkUnique(stream, config, name);
  }
  if (config.deliver_policy !== "all") throw consumerRefusals.queueNotAll();
}

/** No message of a work queue may belong to two consumers. */
function checkUnique(stream: Stream, config: ConsumerConfig, name: string): void {
  const filters = filtersOf(config);
  for (const other of stream.consumers.values()) {
    if (other.name === name || filters.length === 0) continue;
    if (other.filters.length === 0) throw consumerRefusals.queueNotUnique();
    if (filters.some((filter) => other.filters.some((each) => collide(filter, each)))) {
      throw consumerRefusals.queueNotUnique();
    }
  }
}

const sortedConsumers = (stream: Stream): Consumer[] =>
  [...stream.consumers.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

function demandConsumerOf(stream: Stream, name: string): Consumer {
  const consumer = stream.consumers.get(name);
  if (consumer === undefined) throw consumerRefusals.notFound();
  return consumer;
}
