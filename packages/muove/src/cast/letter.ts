import type { CastDefinition, EventDefinition } from "@muove/contract";
import type { OutgoingOperation } from "../telemetry/outgoing.js";
import type { HeaderBlock } from "../wire/headers.js";
import type { Target } from "../wire/outgoing.js";

/** What goes one way: a message that can be cast, an event that can be published. */
export interface CastTarget extends Target {
  readonly definition: CastDefinition | EventDefinition;
  /** Letters of one line keep their order while they wait: all casts to one address of a mailbox, and each event by itself. */
  readonly line: string;
}

/** What is kept of a cast or an event until it is known to have gone through. */
export interface Sent {
  readonly target: CastTarget;
  /** As it was given, for the dead letter. */
  readonly input: unknown;
  readonly headers: HeaderBlock;
  /** What to do when nobody is there, where it can go elsewhere. */
  readonly elsewhere: (() => void) | undefined;
}

/** A cast or an event, checked and encoded. */
export interface Letter extends Sent {
  readonly payload: Uint8Array;
  /** Who tells of its sending; nobody where no telemetry is listened to. */
  readonly operation: OutgoingOperation | undefined;
}
