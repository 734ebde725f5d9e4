import type { MessageStore, SubjectMessages } from "./message-store.js";
import type { Said } from "./shapes.js";
import type { Stream } from "./stream.js";
import { never, now, timestamp, toKey, toText } from "./units.js";

/** How many subjects and how many deleted sequences are listed at a time. */
const maxDetails = 100_000;

/** What the API says of a stream. */
export function streamInfo(stream: Stream): object {
  return infoWith(stream, stateOf(stream.store));
}

/** What it says to who asks for details of its state. */
export function detailedInfo(stream: Stream, request: Said): object {
  const { deleted_details, subjects_filter: pattern, offset = 0 } = request;
  const { store } = stream;
  const subjects = typeof pattern === "string" && pattern !== "" ? subjectsIn(store, pattern) : [];
  const listed = subjects.slice(offset as number, (offset as number) + maxDetails);
  const page = { total: subjects.length, offset: offset as number, limit: maxDetails };
  const deleted = deleted_details ? deletedIn(store) : [];
  const state = {
    ...stateOf(store),
    ...(deleted.length > 0 && { deleted }),
    ...(listed.length > 0 && { subjects: Object.fromEntries(listed) }),
  };
  return { ...(subjects.length > 0 ? page : noPage), ...infoWith(stream, state) };
}

const noPage = { total: 0, offset: 0, limit: 0 };

const infoWith = ({ config, created, consumers }: Stream, state: object): object => ({
  config,
  created: timestamp(created),
  state: { ...state, consumer_count: consumers.size },
  ts: now(),
});

function stateOf(store: MessageStore): object {
  const { count, bytes, first, last } = store;
  const gaps = count === 0 ? 0 : last - first + 1 - count;
  return {
    messages: count,
    bytes,
    first_seq: first,
    first_ts: timeOf(store.firstAt),
    last_seq: last,
    last_ts: timeOf(store.lastAt),
    ...(store.subjects.size > 0 && { num_subjects: store.subjects.size }),
    ...(gaps > 0 && { num_deleted: gaps }),
  };
}

const timeOf = (at: number | undefined): string => (at === undefined ? never : timestamp(at));

function deletedIn(store: MessageStore): number[] {
  const deleted: number[] = [];
  if (store.count === 0) return deleted;
  for (let at = store.first; at <= store.last && deleted.length < maxDetails; at++) {
    if (store.get(at) === undefined) deleted.push(at);
  }
  return deleted;
}

/** The subjects that match a pattern, with the number of their messages. */
function subjectsIn(store: MessageStore, pattern: string): [string, number][] {
  const found: [string, number][] = [];
  const entry = ({ first, count }: SubjectMessages): [string, number] => [toText(first.subject), count];
  for (const messages of store.matching(toKey(pattern))) found.push(entry(messages));
  return found.sort(([one], [other]) => (one < other ? -1 : 1));
}
