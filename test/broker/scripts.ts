// Sessions written by hand: every feature of the protocol, and corner cases found on the way.

import type { BrokerOptions } from "@muove/broker";
import { access } from "./scripts/access.js";
import { connecting } from "./scripts/connecting.js";
import { limits } from "./scripts/limits.js";
import { lines } from "./scripts/lines.js";
import { publishing } from "./scripts/publishing.js";
import { subscribing } from "./scripts/subscribing.js";
import type { Session } from "./session.js";

/** Sessions that share a configuration. */
export interface Script {
  readonly title: string;
  readonly options: BrokerOptions;
  readonly sessions: Readonly<Record<string, Session>>;
  /**
   * Whether the server under test still behaves as 2.9 does. If not, differences.test.ts checks what it does instead.
   */
  readonly stillSo?: boolean;
}

export const scripts: readonly Script[] = [
  { title: "connecting", options: {}, sessions: connecting },
  { title: "control lines", options: {}, sessions: lines },
  { title: "publishing", options: {}, sessions: publishing },
  { title: "subscribing", options: {}, sessions: subscribing },
  { title: "small limits", options: { maxPayload: 32, maxControlLine: 64 }, sessions: limits },
  ...access,
].filter(({ stillSo = true }: Script) => stillSo);
