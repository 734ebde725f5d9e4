import type { Logger } from "pino";
import type { Tags } from "../address/tags.js";
import type { Encoding } from "../codec/index.js";
import type { Discovery } from "../discovery/discovery.js";
import type { Inbox } from "../inbox/inbox.js";
import type { Link } from "../link/index.js";
import type { Peers } from "../peers/peer.js";
import type { Answers } from "./answers.js";
import type { Counts } from "./counts.js";
import type { Deadlines } from "./deadlines.js";
import type { Events } from "./events.js";
import type { RepeatBudget } from "./repeat-budget.js";
import type { Sparsely } from "./sparsely.js";
import type { Transit } from "./transit.js";
import type { Turns } from "./turns.js";

/** What the parts of one bus share. */
export interface Core {
  readonly service: string;
  readonly instance: string;
  /** `<service>/<instance>`, as it travels with every request. */
  readonly from: string;
  /** What this instance is, for those who choose by it. Sorted by name, and frozen. */
  readonly tags: Tags;
  readonly prefix: string | undefined;
  readonly encoding: Encoding;
  readonly fallbackTimeout: number;
  readonly link: Link;
  readonly inbox: Inbox;
  readonly events: Events;
  readonly counts: Counts;
  readonly log: Logger;
  /** The log, for what may come with every message. */
  readonly sparsely: Sparsely;
  readonly peers: Peers;
  readonly repeatBudget: RepeatBudget;
  readonly discovery: Discovery;
  readonly deadlines: Deadlines;
  readonly turns: Turns;
  readonly transit: Transit;
  /** Added to the clock of `performance.now()`: others see one whose origin they cannot guess. */
  readonly clockOrigin: number;
  readonly answers: Answers;
}
