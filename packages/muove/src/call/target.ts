import type { CallDefinition } from "@muove/contract";
import type { Peer } from "../peers/peer.js";
import type { Target } from "../wire/outgoing.js";

/** A message that can be called. */
export interface CallTarget extends Target {
  readonly definition: CallDefinition;
  /** The subject for cancellations. */
  readonly cancelSubject: string;
  readonly peer: Peer;
  /** Whether it is a single instance, so that no other one can take the call. */
  readonly alone: boolean;
}
