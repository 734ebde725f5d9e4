import { wallClock } from "../timers.js";
import type { ConsumerConfig } from "./consumer-config.js";
import type { Filters } from "./filters.js";
import type { MessageStore } from "./message-store.js";

/** Where a new consumer begins. */
export interface StartingPoint {
  readonly next: number;
  /** With the policy `last_per_subject`: what comes first, and where it goes on then. */
  readonly firsts: readonly number[];
  readonly resume: number;
}

export function startingPoint(config: ConsumerConfig, filters: Filters, store: MessageStore): StartingPoint {
  const firsts = config.deliver_policy === "last_per_subject" ? lastPerSubject(filters, store) : [];
  const wanted = firsts[0] ?? sequenceFor(config, filters, store);
  const { first, last } = store;
  const next = first === 0 ? 1 : Math.min(Math.max(wanted, first), Math.max(last + 1, first));
  return { next, firsts, resume: last };
}

function sequenceFor(config: ConsumerConfig, filters: Filters, store: MessageStore): number {
  switch (config.deliver_policy) {
    case "all":
      return store.first;
    case "last":
      if (filters.subjects.length === 0) return store.last;
      return Math.max(0, ...filters.subjects.map((filter) => store.lastOn(filter)?.sequence ?? 0));
    case "last_per_subject":
      return store.last;
    case "by_start_sequence":
      return config.opt_start_seq as number;
    case "by_start_time":
      return sequenceAt(Date.parse(config.opt_start_time as string), store);
    case "new":
      return store.last + 1;
  }
}

function lastPerSubject(filters: Filters, store: MessageStore): number[] {
  const found: number[] = [];
  for (const [subject, { last }] of store.subjects) if (filters.matches(subject)) found.push(last.sequence);
  return found.sort((a, b) => a - b);
}

/** The sequence of the first message that was stored then or later. */
function sequenceAt(time: number, store: MessageStore): number {
  if (time > wallClock.now()) return store.last + 1;
  let message = store.next(store.first);
  while (message !== undefined && message.at < time) message = store.next(message.sequence + 1);
  return message?.sequence ?? store.last + 1;
}
