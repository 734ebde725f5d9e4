import { LruMap } from "../base/lru-map.js";
import type { AnyOutcome } from "../outcome/answer.js";
import type { NoAnswer, Unavailable } from "../outcome/outcome.js";
import { Circuit } from "./circuit.js";
import { Memory } from "./memory.js";

/** Somebody that this service calls and did not get an answer from, the last time it tried. */
export interface MissingPeer {
  /** The mailbox and message, such as `pricing.quote`; with `@` and the instance or the tags where it was for these. */
  readonly address: string;
  /** Why there was no answer, the last time. */
  readonly reason: NoAnswer["reason"];
  /** Since when it has not answered, in ms since the epoch. */
  readonly since: number;
}

/** Outcomes that say something of us, or of our caller, and nothing of the peer. */
const ours: ReadonlySet<string> = new Set(["expired", "cancelled", "unreachable"]);

/** An instance that is not called any more is nobody's peer: after so many ms it is not missed. */
const missedFor = 60_000;
/** How many addressed peers a bus keeps. */
const mostAddressed = 1_024;

const signsOfLife: ReadonlySet<string> = new Set(["absent", "overloaded", "draining"]);

/** What a bus knows of one address: its circuit, its last known answers, and whether it is missing. */
export class Peer {
  readonly address: string;
  readonly circuit: Circuit;
  /** Those of all addresses of a message are in one. */
  readonly memory: Memory;
  readonly #instance: boolean;
  #missing: MissingPeer | undefined;
  #endedAt = 0;

  /** @param instance whether it is one instance, which may be gone for good without anything being missing. */
  constructor(
    address: string,
    circuitChanged: (address: string, open: boolean) => void,
    memory = new Memory(),
    instance = false,
  ) {
    this.address = address;
    this.memory = memory;
    this.#instance = instance;
    this.circuit = new Circuit((open) => circuitChanged(address, open));
  }

  get missing(): MissingPeer | undefined {
    if (this.#instance && performance.now() - this.#endedAt > missedFor) return undefined;
    return this.#missing;
  }

  /** An attempt to call it ended. */
  ended(outcome: AnyOutcome, attempt: { readonly sentAt: number; readonly hadItsTime: boolean }): void {
    this.#note(outcome);
    if (isSignOfLife(outcome)) this.circuit.answered(attempt.sentAt);
    else if (outcome.reason === "timeout" && attempt.hadItsTime)
      this.circuit.timedOut(attempt.sentAt, performance.now());
  }

  #note(outcome: AnyOutcome): void {
    if (this.#instance) this.#endedAt = performance.now();
    if (outcome.status !== "unavailable" && outcome.status !== "faulty") this.#missing = undefined;
    else if (this.#instance && gone.has(outcome.reason)) this.#missing = undefined;
    else if (!ours.has(outcome.reason)) {
      this.#missing = { address: this.address, reason: outcome.reason, since: this.#missing?.since ?? Date.now() };
    }
  }
}

/** An instance that is gone is no missing peer: others stand in for it, or the mailbox is missing. */
const gone: ReadonlySet<string> = new Set(["absent", "draining"]);

/** Whether something answered, if only the server to say that nobody is there: whatever it was, it did not hang. */
function isSignOfLife(outcome: AnyOutcome): outcome is Exclude<AnyOutcome, Unavailable> {
  return outcome.status !== "unavailable" || signsOfLife.has(outcome.reason);
}

/**
 * The peers of a bus, by address.
 *
 * PEER-1 For any instance there are as many as there are messages in the contracts. For certain instances or tags there
 *   are no more than 1,024: the least recently used are let go of.
 */
export class Peers {
  readonly #peers = new Map<string, Peer>();
  readonly #addressed = new LruMap<Peer>(mostAddressed);
  readonly #circuitChanged: (address: string, open: boolean) => void;

  constructor(circuitChanged: (address: string, open: boolean) => void) {
    this.#circuitChanged = circuitChanged;
  }

  of(address: string): Peer {
    const known = this.#peers.get(address) ?? new Peer(address, this.#circuitChanged);
    this.#peers.set(address, known);
    return known;
  }

  /** That of a message at certain tags, or at one instance. @param message as it is addressed to any instance. */
  addressed(address: string, message: string, instance: boolean): Peer {
    const { memory } = this.of(message);
    return this.#addressed.of(address, () => new Peer(address, this.#circuitChanged, memory, instance));
  }

  /** Those that did not answer, the last time that they were called. */
  missing(): MissingPeer[] {
    return [...this.#peers.values(), ...this.#addressed.values()].flatMap(({ missing }) => missing ?? []);
  }
}
