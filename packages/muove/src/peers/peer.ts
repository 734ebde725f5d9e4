import { LruMap } from "../base/lru-map.js";
import type { AnyOutcome } from "../outcome/answer.js";
import type { NoAnswer, Unavailable } from "../outcome/outcome.js";
import { Circuit } from "./circuit.js";
import { Memory } from "./memory.js";

/** An address that did not answer the last call. */
export interface MissingPeer {
  /**
   * The mailbox and message, such as `pricing.quote`. Followed by `@` and the instance or the tags if the call was
   * addressed to them.
   */
  readonly address: string;
  /** Why the last call got no answer. */
  readonly reason: NoAnswer["reason"];
  /** Since when it has not answered, in ms since the epoch. */
  readonly since: number;
}

/** Outcomes that say something about this service or its caller, not about the peer. */
const ours: ReadonlySet<string> = new Set(["expired", "cancelled", "unreachable"]);

/** An instance that was not called for this many ms no longer counts as missing. */
const missedFor = 60_000;
/** How many addressed peers a bus keeps. */
const maxAddressed = 1_024;

const signsOfLife: ReadonlySet<string> = new Set(["absent", "overloaded", "draining"]);

/** What a bus knows about one address: its circuit, its last known answers, and whether it is missing. */
export class Peer {
  readonly address: string;
  readonly circuit: Circuit;
  /** Shared by all addresses of a message. */
  readonly memory: Memory;
  readonly #instance: boolean;
  #missing: MissingPeer | undefined;
  #endedAt = 0;

  /** @param instance whether it is a single instance, which may leave for good without being missed. */
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

/** An instance that left is not missing: others replace it, or the mailbox itself is missing. */
const gone: ReadonlySet<string> = new Set(["absent", "draining"]);

/** Whether anything answered, even the server with "no responders". Then the peer does not hang. */
function isSignOfLife(outcome: AnyOutcome): outcome is Exclude<AnyOutcome, Unavailable> {
  return outcome.status !== "unavailable" || signsOfLife.has(outcome.reason);
}

/**
 * The peers of a bus, by address.
 *
 * PEER-1 There is one peer per message of the contracts, plus at most 1,024 for specific instances or tags. The least
 *   recently used of those are evicted.
 */
export class Peers {
  readonly #peers = new Map<string, Peer>();
  readonly #addressed = new LruMap<Peer>(maxAddressed);
  readonly #circuitChanged: (address: string, open: boolean) => void;

  constructor(circuitChanged: (address: string, open: boolean) => void) {
    this.#circuitChanged = circuitChanged;
  }

  of(address: string): Peer {
    const known = this.#peers.get(address) ?? new Peer(address, this.#circuitChanged);
    this.#peers.set(address, known);
    return known;
  }

  /** The peer for a message to specific tags or to one instance. @param message the address for any instance. */
  addressed(address: string, message: string, instance: boolean): Peer {
    const { memory } = this.of(message);
    return this.#addressed.of(address, () => new Peer(address, this.#circuitChanged, memory, instance));
  }

  /** The peers that did not answer their last call. */
  missing(): MissingPeer[] {
    return [...this.#peers.values(), ...this.#addressed.values()].flatMap(({ missing }) => missing ?? []);
  }
}
