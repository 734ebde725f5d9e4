import { collide } from "../subjects/subjects.js";
import { refusals, streamRefusals } from "./api-error.js";
import type { House } from "./house.js";
import type { Entry } from "./journal.js";
import { Stream } from "./stream.js";
import type { StreamConfig } from "./stream-config.js";
import { updatedConfig } from "./stream-update.js";
import { toKey } from "./units.js";

/** What a stream takes of memory beside its messages, by an estimate. */
const weight = 16_384;

/**
 * All streams.
 *
 * STREAMS-1 No subject belongs to two streams.
 */
export class Streams {
  readonly #house: House;
  readonly #streams = new Map<string, Stream>();

  constructor(house: House) {
    this.#house = house;
  }

  /** In the order of their names. */
  get all(): Stream[] {
    return [...this.#streams.values()].sort((a, b) => (a.config.name < b.config.name ? -1 : 1));
  }

  find(name: string): Stream | undefined {
    return this.#streams.get(name);
  }

  /** @throws ApiError */
  demand(name: string): Stream {
    const stream = this.#streams.get(name);
    if (stream === undefined) throw streamRefusals.notFound();
    return stream;
  }

  /** Those with a subject that a pattern collides with. */
  matching(pattern: string | undefined): Stream[] {
    if (pattern === undefined || pattern === "") return this.all;
    return this.all.filter(({ config }) => config.subjects.some((subject) => collide(toKey(subject), toKey(pattern))));
  }

  /** Makes a stream; one that is there with the same configuration is that stream. @throws ApiError */
  create(config: StreamConfig): Stream {
    if (config.num_replicas > 1) throw streamRefusals.replicas();
    const known = this.#streams.get(config.name);
    if (known !== undefined) {
      if (JSON.stringify(known.config) === JSON.stringify(config)) return known;
      throw streamRefusals.nameInUse();
    }
    const subjects = this.#free(config);
    if (!this.#house.budget.hasRoomFor(weight)) throw refusals.insufficientResources();
    const stream = new Stream(this.#house, config);
    stream.listen(subjects);
    this.#house.budget.take(weight);
    this.#streams.set(config.name, stream);
    this.#house.chronicle.tell({ op: "stream", config, created: stream.created });
    this.#house.advisories.stream("create", config.name);
    return stream;
  }

  /** @throws ApiError */
  update(config: StreamConfig): Stream {
    const stream = this.demand(config.name);
    const changed = updatedConfig(stream.config, config);
    stream.update(changed, this.#free(changed));
    this.#house.chronicle.tell({ op: "stream", config: changed, created: stream.created });
    this.#house.advisories.stream("modify", config.name);
    return stream;
  }

  /** @throws ApiError */
  delete(name: string): void {
    const stream = this.demand(name);
    stream.close(true);
    this.forget(stream);
    this.#house.chronicle.tell({ op: "stream gone", stream: name });
    this.#house.advisories.stream("delete", name);
  }

  /** Closes a stream that is gone. */
  forget(stream: Stream): void {
    stream.close(false);
    if (this.#streams.delete(stream.config.name)) this.#house.budget.giveBack(weight);
  }

  /** A stream that was there before this process began. It hears nothing until `listen()`. */
  restore(config: StreamConfig, created: number): void {
    const known = this.#streams.get(config.name);
    if (known !== undefined) known.update(config, []);
    else {
      this.#house.budget.take(weight);
      this.#streams.set(config.name, new Stream(this.#house, config, created));
    }
  }

  /** Those that were restored hear what is published from now on. */
  listen(): void {
    for (const stream of this.#streams.values()) {
      for (const consumer of stream.consumers.values()) consumer.recount();
      stream.listen(stream.config.subjects.map(toKey));
    }
  }

  /** Entries that say all that there is. */
  *chronicle(): Generator<Entry> {
    for (const stream of this.#streams.values()) yield* stream.chronicle();
  }

  close(): void {
    for (const stream of this.#streams.values()) stream.close(false);
    this.#streams.clear();
  }

  /** The subjects of a configuration, which no other stream has, as keys. @throws ApiError */
  #free({ name, subjects }: StreamConfig): string[] {
    const keys = subjects.map(toKey);
    for (const [other, { config }] of this.#streams) {
      if (other === name) continue;
      const taken = config.subjects.map(toKey);
      if (keys.some((key) => taken.some((subject) => collide(key, subject)))) throw streamRefusals.overlaps();
    }
    return keys;
  }
}
