import { LruMap } from "../base/lru-map.js";
import { performance, wallClock } from "../base/timers.js";
import type { AnyOutcome } from "../outcome/answer.js";
import { newOutcomeCounts, type OutcomeCounts } from "../outcome/counts.js";
import type { NoAnswer, Unavailable } from "../outcome/outcome.js";
import { Circuits } from "./circuits.js";
import { Memory } from "./memory.js";

/** An address that did not answer the last call, which is not long ago. */
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

/** What an address is: any instance, a key or everyone; instances with certain tags; or one instance. */
export type PeerKind = "message" | "tags" | "instance";

/** One sending of a call, as far as the peer is concerned. */
export interface Sending {
  /** On the clock of `performance.now()`. */
  readonly sentAt: number;
  /** The time that it had, in ms. */
  readonly timeout: number;
  /** The contract's timeout, in ms. */
  readonly contracted: number;
  /** Whether this process, rather than the peer, may have made it time out. */
  readonly ourDelay: boolean;
}

/** Outcomes that say something about this service or its caller, not about the peer. */
const ours: ReadonlySet<string> = new Set(["expired", "cancelled", "unreachable"]);

/** For how long after the last call an address counts as missing, in ms: then nobody here asks for it any more. */
const missedFor = 60_000;
/** How many addressed peers a bus keeps. */
const maxAddressed = 1_024;

const signsOfLife: ReadonlySet<string> = new Set(["absent", "overloaded", "draining"]);

/**
 * What a bus knows about one address: its circuits, its last known answers, how calls to it ended, and whether it is
 * missing.
 *
 * PEER-1 An address is missing from the first call that it does not answer until it answers one, or until it was not
 *   called for a minute.
 */
export class Peer {
  readonly address: string;
  readonly kind: PeerKind;
  readonly circuits: Circuits;
  /** Shared by all addresses of a message. */
  readonly memory: Memory;
  readonly outcomes: OutcomeCounts = newOutcomeCounts();
  /** Calls without an answer since the log said so; `undefined` if it has nothing to take back. */
  unanswered: number | undefined;
  /** Whether the last line of the log about it says that calls are answered again. */
  answeredAgain = false;
  /** The fields that made a reply invalid, as a header, until a call tells the peer; `undefined` if there are none. */
  invalidReply: string | undefined;
  #missing: MissingPeer | undefined;
  /** When the last call without an answer ended. */
  #missedAt = 0;

  constructor(
    address: string,
    circuitChanged: (address: string, open: boolean) => void,
    memory = new Memory(),
    kind: PeerKind = "message",
  ) {
    this.address = address;
    this.memory = memory;
    this.kind = kind;
    this.circuits = new Circuits((open) => circuitChanged(address, open));
  }

  get missing(): MissingPeer | undefined {
    if (this.#missing !== undefined && performance.now() - this.#missedAt > missedFor) this.#missing = undefined;
    return this.#missing;
  }

  /** When it was last called in vain, on the clock of `performance.now()`. */
  get missedAt(): number {
    return this.#missedAt;
  }

  /** A sending to it ended. */
  ended(outcome: AnyOutcome, sending: Sending): void {
    this.note(outcome);
    const circuit = this.circuits.of(sending.timeout, sending.contracted);
    if (isSignOfLife(outcome)) circuit.answered(sending.sentAt);
    else if (outcome.reason === "timeout" && !sending.ourDelay) circuit.timedOut(sending.sentAt, performance.now());
  }

  /** Records only whether it is missing. */
  note(outcome: AnyOutcome): void {
    if (answers(outcome)) this.#missing = undefined;
    else if (this.kind === "instance" && gone.has(outcome.reason)) this.#missing = undefined;
    else if (!ours.has(outcome.reason)) {
      const since = this.missing?.since ?? wallClock();
      this.#missing = { address: this.address, reason: outcome.reason, since };
      this.#missedAt = performance.now();
    }
  }
}

/** Whether the peer does what it is for: a refusal is about the message. */
function answers(outcome: AnyOutcome): outcome is Exclude<AnyOutcome, Unavailable> {
  return (outcome.status !== "unavailable" && outcome.status !== "faulty") || outcome.reason === "refused";
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
 * PEER-2 There is one peer per message of the contracts, plus at most 1,024 for specific instances or tags. The least
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
  addressed(address: string, message: string, kind: "tags" | "instance"): Peer {
    const { memory } = this.of(message);
    return this.#addressed.of(address, () => new Peer(address, this.#circuitChanged, memory, kind));
  }

  *all(): Iterable<Peer> {
    yield* this.#peers.values();
    yield* this.#addressed.values();
  }

  /** The peers that did not answer their last call; those that were called last come first. */
  missing(): MissingPeer[] {
    const missing = [...this.all()].filter((peer) => peer.missing !== undefined);
    return missing.sort((a, b) => b.missedAt - a.missedAt).flatMap((peer) => peer.missing ?? []);
  }
}
