import type { CallDefinition } from "@muove/contract";
import type { Peer } from "../peers/peer.js";
import type { Target } from "../wire/outgoing.js";

/** A message that can be called. */
export interface CallTarget extends Target {
  readonly definition: CallDefinition;
  /** Where a call to it is cancelled. */
  readonly cancelSubject: string;
  readonly peer: Peer;
  /** Whether it is for one instance, so that no other one can take what that one refuses. */
  readonly alone: boolean;
}
