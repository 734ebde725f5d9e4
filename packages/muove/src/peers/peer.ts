import { Memory } from "../fallback/memory.js";
import type { AnyOutcome } from "../outcome/answer.js";
import type { Missing, Unavailable } from "../outcome/outcome.js";
import { Circuit } from "./circuit.js";

/** Somebody that this service calls and did not get an answer from, the last time it tried. */
export interface MissingPeer {
  /** The mailbox and message, such as `pricing.quote`. */
  readonly address: string;
  /** Why there was no answer, the last time. */
  readonly reason: Missing["reason"];
  /** Since when it has not answered, in ms since the epoch. */
  readonly since: number;
}

/** Outcomes that say something of us, or of our caller, and nothing of the peer. */
const ours: ReadonlySet<string> = new Set(["expired", "cancelled", "unreachable"]);

const signsOfLife: ReadonlySet<string> = new Set(["absent", "overloaded", "draining"]);

/** What a bus knows of one address: its circuit, its last known answers, and whether it is missing. */
export class Peer {
  readonly address: string;
  readonly circuit: Circuit;
  readonly memory = new Memory();
  #missing: MissingPeer | undefined;

  constructor(address: string, circuitChanged: (address: string, open: boolean) => void) {
    this.address = address;
    this.circuit = new Circuit((open) => circuitChanged(address, open));
  }

  get missing(): MissingPeer | undefined {
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
    if (outcome.status !== "unavailable" && outcome.status !== "faulty") this.#missing = undefined;
    else if (!ours.has(outcome.reason)) {
      this.#missing = { address: this.address, reason: outcome.reason, since: this.#missing?.since ?? Date.now() };
    }
  }
}

/** Whether something answered, if only the server to say that nobody is there: whatever it was, it did not hang. */
function isSignOfLife(outcome: AnyOutcome): outcome is Exclude<AnyOutcome, Unavailable> {
  return outcome.status !== "unavailable" || signsOfLife.has(outcome.reason);
}

/** The peers of a bus, by address. Their number is that of the messages in its contracts. */
export class Peers {
  readonly #peers = new Map<string, Peer>();
  readonly #circuitChanged: (address: string, open: boolean) => void;

  constructor(circuitChanged: (address: string, open: boolean) => void) {
    this.#circuitChanged = circuitChanged;
  }

  of(address: string): Peer {
    const known = this.#peers.get(address) ?? new Peer(address, this.#circuitChanged);
    this.#peers.set(address, known);
    return known;
  }

  /** Those that did not answer, the last time that they were called. */
  missing(): MissingPeer[] {
    return [...this.#peers.values()].flatMap(({ missing }) => missing ?? []);
  }
}
