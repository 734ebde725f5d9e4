import type { Figures } from "./figures.js";
import type { AnyHandler } from "./handlers.js";
import { Handling } from "./handling.js";
import { Intake } from "./intake.js";
import type { Served } from "./served.js";
import type { Serving } from "./serving.js";

/** How long the handler of a cast or an event may keep its slot, in ms: no caller's deadline bounds it. */
const oneWayTime = 30_000;

/** A message that is served here, or an event that is listened to, and what takes it and handles it. */
export interface ServedMessage {
  /** Such as `pricing.quote`. */
  readonly address: string;
  readonly isCall: boolean;
  /** The contract's timeout, for callers that say none; else how long its handler may keep its slot. In ms. */
  readonly timeout: number;
  /** Who answers, where the answer must say so: to what was sent to everyone. */
  readonly signature: string | undefined;
  readonly intake: Intake;
  readonly handling: Handling;
  readonly figures: Figures;
}

/** @param signature who answers, where the answer must say so. */
export function servedMessage(
  serving: Serving,
  served: Served,
  handler: AnyHandler,
  signature?: string,
): ServedMessage {
  const { address, definition, figures } = served;
  return {
    address,
    isCall: definition.kind === "call",
    timeout: definition.kind === "call" ? definition.timeout : oneWayTime,
    signature,
    intake: new Intake(serving, served, signature),
    handling: new Handling(serving.core, served, handler),
    figures,
  };
}
