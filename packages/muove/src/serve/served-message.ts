import type { Figures } from "./figures.js";
import type { AnyHandler } from "./handlers.js";
import { Handling } from "./handling.js";
import { Intake } from "./intake.js";
import type { Served } from "./served.js";
import type { Serving } from "./serving.js";

/** How long the handler of a cast or an event may take, in ms, unless its owner says otherwise. */
const oneWayTime = 30_000;

/** A message that is served here, or an event that is listened to, and what takes it and handles it. */
export interface ServedMessage {
  /** Such as `pricing.quote`. */
  readonly address: string;
  readonly isCall: boolean;
  /** The contract's timeout, for callers that say none, in ms; without end for what nobody waits for. */
  readonly timeout: number;
  /** How long its handler may take, in ms, whatever its caller says. */
  readonly longest: number;
  /** Who answers, where the answer must say so: to what was sent to everyone. */
  readonly signature: string | undefined;
  readonly intake: Intake;
  readonly handling: Handling;
  readonly figures: Figures;
}

/**
 * @param longest how long its handler may take, in ms, where its owner says so.
 * @param signature who answers, where the answer must say so.
 */
export function servedMessage(
  serving: Serving,
  served: Served,
  handler: AnyHandler,
  longest: number | undefined,
  signature?: string,
): ServedMessage {
  const { address, definition, figures } = served;
  const isCall = definition.kind === "call";
  return {
    address,
    isCall,
    timeout: isCall ? definition.timeout : Number.POSITIVE_INFINITY,
    longest: longest ?? (isCall ? definition.timeout : oneWayTime),
    signature,
    intake: new Intake(serving, served, signature),
    handling: new Handling(serving, served, handler),
    figures,
  };
}
