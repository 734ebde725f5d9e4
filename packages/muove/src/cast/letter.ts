import type { CastDefinition, EventDefinition } from "@muove/contract";
import type { Settled } from "../call/send-steps.js";
import type { OutgoingOperation } from "../telemetry/outgoing.js";
import type { HeaderBlock } from "../wire/headers.js";
import type { Target } from "../wire/outgoing.js";

/** A message that can be cast, or an event that can be published. */
export interface CastTarget extends Target {
  readonly definition: CastDefinition | EventDefinition;
  /**
   * Letters of one line keep their order while they wait. All casts to one address of a mailbox share a line; each
   * event has its own.
   */
  readonly line: string;
}

/** The part of a cast or an event that is kept until it got through. */
export interface Sent {
  readonly target: CastTarget;
  /** The original input, for the dead letter. */
  readonly input: unknown;
  readonly headers: HeaderBlock;
  /** Sends it to another instance when this one is absent, if it has another. */
  readonly elsewhere: (() => void) | undefined;
}

/** A cast or an event, checked and encoded. */
export interface Letter extends Sent {
  readonly payload: Uint8Array;
  /** `undefined` without telemetry. */
  readonly operation: OutgoingOperation | undefined;
  /** Tells the steps around it what its receipt says. */
  readonly settled: Settled | undefined;
}
