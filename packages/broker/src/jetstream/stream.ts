import { Sublist } from "../routing/sublist.js";
import type { Interest } from "../subjects/interest.js";
import { isSubset, restTokens } from "../subjects/subjects.js";
import { wallClock } from "../timers.js";
import type { Publication } from "../wire/publication.js";
import { Alarm } from "./alarm.js";
import { type ApiError, publishRefusals, refusals, streamRefusals } from "./api-error.js";
import { type Happening, headOf } from "./chronicle.js";
import { Consumer, type ConsumerStream } from "./consumer.js";
import type { ConsumerConfig } from "./consumer-config.js";
import type { House } from "./house.js";
import type { Entry } from "./journal.js";
import { type PublishHeaders, publishHeaders, valueIn } from "./message-headers.js";
import { MessageIds } from "./message-ids.js";
import { MessageStore } from "./message-store.js";
import { purgeAll, purgeMatching } from "./purge.js";
import { headerOf, type StoredMessage, sizeIn, storedMessage } from "./stored-message.js";
import type { StreamConfig } from "./stream-config.js";
import { Tap } from "./tap.js";
import { milliseconds } from "./units.js";

/** A longer header is refused, as nats-server refuses it. */
const maxHeader = 65_535;

const nothing: Buffer = Buffer.alloc(0);

/** A consumer's interest in a subject. */
interface Filter extends Interest {
  readonly consumer: Consumer;
}

/** What a publisher hears: where its message is, or why it is not there. */
type Answer = { readonly sequence: number; readonly duplicate: boolean } | ApiError | undefined;

/**
 * A stream: what its subjects bring is stored, as long as its limits and its retention say.
 *
 * STREAM-1 After each message the limits hold: `max_msgs`, `max_bytes`, `max_age`, `max_msgs_per_subject`.
 * STREAM-2 A message is acknowledged after it was stored, or with the reason why it was not.
 * STREAM-3 With the retention `workqueue` a message is removed when it is acknowledged; with `interest` when no consumer
 *   needs it any more.
 * STREAM-4 `#filters` has the filters of exactly the consumers in `consumers`.
 */
export class Stream implements ConsumerStream {
  readonly created: number;
  readonly store: MessageStore;
  readonly consumers = new Map<string, Consumer>();
  readonly #house: House;
  readonly #ids: MessageIds;
  readonly #filters = new Sublist<Filter>();
  /** The filters of each consumer. */
  readonly #interests = new Map<Consumer, readonly Filter[]>();
  readonly #age = new Alarm(() => this.#expire());
  #taps: Tap[] = [];
  #lastId = "";
  #config: StreamConfig;

  constructor(house: House, config: StreamConfig, created = wallClock.now()) {
    this.created = created;
    this.#house = house;
    this.#config = config;
    this.store = new MessageStore(house.budget, config.first_seq ?? 1, {
      removed: (message) => this.#removed(message),
      happened: (op, sequence, message) => this.#tell(op, sequence, message),
    });
    this.#ids = new MessageIds(house.budget, milliseconds(config.duplicate_window));
  }

  get config(): StreamConfig {
    return this.#config;
  }

  /** Begins to store what its subjects bring. @param subjects as keys. @throws ApiError */
  listen(subjects: readonly string[]): void {
    const taps: Tap[] = [];
    for (const subject of subjects) {
      const tap = Tap.open(this.#house.router, subject, this.#take);
      if (tap === undefined) {
        for (const opened of taps) opened.close();
        throw refusals.insufficientResources();
      }
      taps.push(tap);
    }
    for (const tap of this.#taps) tap.close();
    this.#taps = taps;
  }

  /** Takes another configuration, which was checked. @param subjects as keys. @throws ApiError */
  update(config: StreamConfig, subjects: readonly string[]): void {
    this.listen(subjects);
    this.#config = config;
    this.#ids.window = milliseconds(config.duplicate_window);
    this.#keepLimits();
    this.#expire();
  }

  /** A message that was stored before this process began. */
  restore(message: StoredMessage): void {
    this.store.add(message);
    const id = message.headerSize === 0 ? "" : valueIn(headerOf(message).toString("latin1"), "Nats-Msg-Id");
    this.#lastId = id;
    if (id !== "") this.#ids.add(id, message.sequence, wallClock.now() - message.at);
    if (this.#config.max_age > 0) this.#age.setEarlier(0);
  }

  /** Entries that say all that there is. */
  *chronicle(): Generator<Entry> {
    const { name } = this.#config;
    const entry = (what: Happening, bytes = nothing): Entry => ({ what, bytes });
    yield entry({ op: "stream", config: this.#config, created: this.created });
    for (let message = this.store.next(0); message !== undefined; message = this.store.next(message.sequence + 1)) {
      yield entry({ op: "message", stream: name, message: headOf(message) }, message.bytes);
    }
    yield entry({ op: "last", stream: name, sequence: this.store.last });
    for (const { name: consumer, config, created, image, firsts } of this.consumers.values()) {
      yield entry({ op: "consumer", stream: name, consumer, config, created });
      yield entry({ op: "progress", stream: name, consumer, image, firsts });
    }
  }

  addConsumer(name: string, config: ConsumerConfig, created = wallClock.now()): Consumer {
    const consumer = new Consumer(this.#house, this, name, config, created);
    this.consumers.set(name, consumer);
    this.#listenFor(consumer);
    this.#tellOf(consumer);
    return consumer;
  }

  updateConsumer(consumer: Consumer, config: ConsumerConfig): void {
    this.#ignore(consumer);
    consumer.update(config);
    this.#listenFor(consumer);
    this.#tellOf(consumer);
    this.#dropUnneeded();
  }

  /** @param deleted it is told to those who wait for messages. */
  removeConsumer(consumer: Consumer, deleted = true): void {
    this.#ignore(consumer);
    this.consumers.delete(consumer.name);
    consumer.close(deleted);
    if (deleted) {
      const [stream, { name }] = [this.#config.name, consumer];
      this.#house.chronicle.tell({ op: "consumer gone", stream, consumer: name });
      this.#house.advisories.consumer("delete", stream, name);
    }
    this.#dropUnneeded();
  }

  unused(consumer: Consumer): void {
    this.removeConsumer(consumer);
  }

  settled(consumer: Consumer, sequence: number): void {
    const { retention } = this.#config;
    if (retention === "limits") return;
    const message = this.store.get(sequence);
    if (message !== undefined && (retention === "workqueue" || !this.#needed(message, consumer))) {
      this.store.remove(message);
    }
  }

  /** Removes the messages before a sequence, or on the subjects that match a filter. Returns how many. */
  purge(sequence: number, pattern: string | undefined, keep: number): number {
    const { store } = this;
    if (pattern === undefined) {
      const purged = purgeAll(store, sequence, keep);
      for (const consumer of this.consumers.values()) consumer.purged(store.first, "all");
      return purged;
    }
    const purged = purgeMatching(store, pattern, sequence, keep);
    const first = Math.min(store.last + 1, ...Array.from(store.matching(pattern), (left) => left.first.sequence));
    for (const consumer of this.consumers.values()) {
      const { filters } = consumer;
      if (filters.some((filter) => isSubset(filter, pattern))) consumer.purged(first, "its own");
      else if (filters.length === 0 || filters.some((filter) => isSubset(pattern, filter))) {
        consumer.purged(store.first, "some");
      }
    }
    return purged;
  }

  /** @param deleted it is told to those who wait for messages. */
  close(deleted: boolean): void {
    for (const tap of this.#taps) tap.close();
    this.#taps = [];
    this.#age.stop();
    for (const consumer of this.consumers.values()) consumer.close(deleted);
    this.consumers.clear();
    this.store.discard();
    this.#ids.clear();
  }

  readonly #take = (publication: Publication): boolean => {
    const headers = publishHeaders(publication);
    const answer = this.#refuse(publication, headers) ?? this.#keep(publication, headers);
    if (publication.hasReply && !this.#config.no_ack) this.#acknowledge(publication.reply, answer);
    return true;
  };

  #acknowledge(reply: string, answer: Answer): void {
    if (answer === undefined) return;
    const stream = this.#config.name;
    const { outlet } = this.#house;
    if (answer instanceof Error) outlet.say(reply, JSON.stringify({ error: answer, stream, seq: 0 }));
    else {
      const { sequence: seq, duplicate } = answer;
      outlet.say(reply, JSON.stringify(duplicate ? { stream, seq, duplicate } : { stream, seq }));
    }
  }

  /** What speaks against storing a message, in the order of nats-server. */
  #refuse(publication: Publication, headers: PublishHeaders): Answer {
    const { sealed, name, allow_rollup_hdrs, deny_purge } = this.#config;
    if (sealed) return streamRefusals.sealed();
    if (headers.stream !== "" && headers.stream !== name) return publishRefusals.otherStream();
    const sequence = headers.id === "" ? undefined : this.#ids.find(headers.id);
    if (sequence !== undefined) return { sequence, duplicate: true };
    const unexpected = this.#unexpected(publication.subject, headers);
    if (unexpected !== undefined) return unexpected;
    if (headers.rollup !== "" && (!allow_rollup_hdrs || deny_purge)) return publishRefusals.rollup();
    return this.#tooLarge(publication);
  }

  #unexpected(subject: string, { lastSubjectSequence, lastSequence, lastId }: PublishHeaders): Answer {
    if (lastSubjectSequence !== undefined) {
      const found = this.store.subjects.get(subject)?.last.sequence ?? 0;
      if (found !== lastSubjectSequence) return publishRefusals.lastSequence(found);
    }
    const { last } = this.store;
    if (lastSequence !== undefined && lastSequence !== last) return publishRefusals.lastSequence(last);
    if (lastId !== "" && lastId !== this.#lastId) return publishRefusals.lastId(this.#lastId);
    return undefined;
  }

  #tooLarge({ size, headerSize }: Publication): Answer {
    const { max_msg_size } = this.#config;
    if (max_msg_size >= 0 && size > max_msg_size) return publishRefusals.tooLarge();
    if (headerSize > maxHeader) return publishRefusals.headerTooLarge();
    const { budget, chronicle } = this.#house;
    if (!budget.hasRoomFor(size) || chronicle.broken) return refusals.insufficientResources();
    return undefined;
  }

  #keep(publication: Publication, { id, rollup }: PublishHeaders): Answer {
    const { subject } = publication;
    if (rollup !== "" && rollup !== "sub" && rollup !== "all") return undefined;
    if (this.#config.retention === "interest" && this.#filters.match(subject).plain.length === 0) {
      return this.#accepted(this.store.skip(), id);
    }
    const size = sizeIn(this.#config.storage, publication);
    const full = this.#full(subject, size);
    if (full !== undefined) return publishRefusals.notStored(full);
    const message = storedMessage(publication, this.store.last + 1, wallClock.now(), size);
    this.store.add(message);
    const answer = this.#accepted(message.sequence, id);
    for (const { consumer } of this.#filters.match(subject).plain) consumer.stored();
    this.#keepLimits(subject);
    if (this.#config.max_age > 0) this.#age.setEarlier(milliseconds(this.#config.max_age));
    if (rollup !== "") this.purge(0, rollup === "sub" ? subject : undefined, 1);
    return answer;
  }

  #accepted(sequence: number, id: string): Answer {
    this.#lastId = id;
    if (id !== "") this.#ids.add(id, sequence);
    return { sequence, duplicate: false };
  }

  /** Why a message may not be added, if new ones are discarded rather than old ones. */
  #full(subject: string, size: number): string | undefined {
    const { discard, discard_new_per_subject, max_msgs, max_bytes, max_msgs_per_subject, storage } = this.#config;
    if (discard !== "new") return undefined;
    const there = this.store.subjects.get(subject);
    const replaced = max_msgs_per_subject > 0 && there && there.count >= max_msgs_per_subject ? there.first : undefined;
    if (replaced && discard_new_per_subject) return "maximum messages per subject exceeded";
    if (max_msgs > 0 && this.store.count >= max_msgs && !replaced) return "maximum messages exceeded";
    if (max_bytes <= 0 || this.store.bytes + size < max_bytes) return undefined;
    const room = replaced !== undefined && (storage === "file" ? replaced.size > size : replaced.size >= size);
    return room ? undefined : "maximum bytes exceeded";
  }

  /** @param subject the only one that has changed. */
  #keepLimits(subject?: string): void {
    const { store } = this;
    const { discard, max_msgs, max_bytes, max_msgs_per_subject } = this.#config;
    if (max_msgs_per_subject > 0) {
      const subjects = subject === undefined ? [...store.subjects.keys()] : [subject];
      for (const each of subjects) this.#keepPerSubject(each, max_msgs_per_subject);
    }
    if (discard !== "old") return;
    while ((max_msgs > 0 && store.count > max_msgs) || (max_bytes > 0 && store.bytes > max_bytes)) this.#removeFirst();
  }

  #keepPerSubject(subject: string, most: number): void {
    for (let there = this.store.subjects.get(subject); there !== undefined && there.count > most; ) {
      this.store.remove(there.first);
      there = this.store.subjects.get(subject);
    }
  }

  #removeFirst(): void {
    const first = this.store.next(0);
    if (first !== undefined) this.store.remove(first);
  }

  #expire(): void {
    const { max_age } = this.#config;
    if (max_age <= 0) return this.#age.stop();
    const oldest = wallClock.now() - milliseconds(max_age);
    let first = this.store.next(0);
    for (; first !== undefined && first.at <= oldest; first = this.store.next(0)) this.store.remove(first);
    if (first !== undefined) this.#age.set(first.at - oldest);
  }

  #listenFor(consumer: Consumer): void {
    const subjects = consumer.filters.length === 0 ? [restTokens] : consumer.filters;
    const filters = subjects.map((subject) => ({ subject, consumer }));
    this.#interests.set(consumer, filters);
    for (const filter of filters) this.#filters.insert(filter);
  }

  #ignore(consumer: Consumer): void {
    for (const filter of this.#interests.get(consumer) ?? []) this.#filters.remove(filter);
    this.#interests.delete(consumer);
  }

  #removed(message: StoredMessage): void {
    for (const { consumer } of this.#filters.match(message.subject).plain) consumer.removed(message);
  }

  #needed(message: StoredMessage, except?: Consumer): boolean {
    for (const { consumer } of this.#filters.match(message.subject).plain) {
      if (consumer !== except && consumer.needs(message)) return true;
    }
    return false;
  }

  #tellOf({ name: consumer, config, created }: Consumer): void {
    this.#house.chronicle.tell({ op: "consumer", stream: this.#config.name, consumer, config, created });
  }

  #tell(op: "message" | "skipped" | "removed" | "compacted", sequence: number, message?: StoredMessage): void {
    const { chronicle } = this.#house;
    const stream = this.#config.name;
    if (message !== undefined) chronicle.tell({ op: "message", stream, message: headOf(message) }, message.bytes);
    else if (op === "skipped") chronicle.tell({ op, stream });
    else if (op !== "message") chronicle.tell({ op, stream, sequence });
  }

  /** With the retention `interest`: what no consumer needs any more. */
  #dropUnneeded(): void {
    if (this.#config.retention !== "interest") return;
    if (this.consumers.size === 0) return void this.store.compact(this.store.last + 1);
    for (let message = this.store.next(0); message !== undefined; ) {
      const following = this.store.next(message.sequence + 1);
      if (!this.#needed(message)) this.store.remove(message);
      message = following;
    }
  }
}
