import type { MessageStore } from "./message-store.js";
import type { StoredMessage } from "./stored-message.js";

/** Removes the messages before a sequence, or all but the last ones. Returns how many. */
export function purgeAll(store: MessageStore, sequence: number, keep: number): number {
  if (sequence > 1) return store.compact(sequence);
  if (keep === 0) return sequence === 0 ? store.compact(store.last + 1) : 0;
  return keep >= store.count ? 0 : store.compact(store.last - keep + 1);
}

/** The same on the subjects that match a pattern. */
export function purgeMatching(store: MessageStore, pattern: string, sequence: number, keep: number): number {
  const all: StoredMessage[] = [];
  for (const { first } of store.matching(pattern)) {
    for (let each: StoredMessage | undefined = first; each !== undefined; each = each.later) all.push(each);
  }
  all.sort((one, other) => one.sequence - other.sequence);
  const most = Math.max(0, all.length - keep);
  const purged = all.slice(0, most).filter((message) => sequence <= 1 || message.sequence < sequence);
  for (const message of purged) store.drop(message);
  return purged.length;
}
