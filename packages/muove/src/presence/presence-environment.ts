import type { Logger } from "pino";
import type { Tags } from "../address/tags.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import type { BusEmitter } from "../outcome/bus-events.js";
import type { Peers } from "../peers/peer.js";
import type { Answers } from "../wire/answers.js";

/** What it takes to ask who is there. */
export interface QueryEnvironment {
  readonly link: Link;
  readonly inbox: Inbox;
  readonly prefix: string | undefined;
}

/** What it takes to watch who is there. */
export interface WatchEnvironment extends QueryEnvironment {
  readonly log: Logger;
}

/** What it takes to let others know that this instance is there. */
export interface PresenceEnvironment {
  readonly service: string;
  readonly instance: string;
  readonly tags: Tags;
  readonly prefix: string | undefined;
  readonly link: Link;
  readonly answers: Answers;
  readonly events: BusEmitter;
  readonly peers: Peers;
}
