import type { CallEnvironment } from "../call/call-environment.js";
import type { Peers } from "../peers/peer.js";

/** What clients need from their bus. */
export interface ClientEnvironment extends CallEnvironment {
  readonly prefix: string | undefined;
  readonly peers: Peers;
}
