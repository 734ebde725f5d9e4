import type { Message } from "@muove/contract";
import type { Figures } from "./figures.js";
import type { AnyHandler } from "./handlers.js";

/** How long the handler of a cast or an event may take, in ms, unless its owner says otherwise. */
const oneWayTime = 30_000;

/** What an endpoint is made of. */
interface Parts {
  readonly address: string;
  readonly subject: string;
  readonly definition: Message;
  readonly figures: Figures;
  readonly handler: AnyHandler;
  /** How long its handler may take, in ms, where its owner says so. */
  readonly longest: number | undefined;
  /** Who answers, where the answer must say so. */
  readonly signature?: string | undefined;
}

/** A message that is served here, or an event that is listened to. */
export class Endpoint {
  /** Such as `pricing.quote`. */
  readonly address: string;
  /** The subject at which any instance, or anybody, gets it. */
  readonly subject: string;
  readonly definition: Message;
  readonly handler: AnyHandler;
  readonly isCall: boolean;
  /** The contract's timeout, for callers that say none, in ms; without end for what nobody waits for. */
  readonly timeout: number;
  /** How long its handler may take, in ms, whatever its caller says. */
  readonly longest: number;
  /** Who answers, where the answer must say so: to what was sent to everyone. */
  readonly signature: string | undefined;
  /** What becomes of its messages is counted here. */
  readonly figures: Figures;

  constructor({ address, subject, definition, figures, handler, longest, signature }: Parts) {
    this.address = address;
    this.subject = subject;
    this.definition = definition;
    this.handler = handler;
    this.isCall = definition.kind === "call";
    this.timeout = definition.kind === "call" ? definition.timeout : Number.POSITIVE_INFINITY;
    this.longest = longest ?? (definition.kind === "call" ? definition.timeout : oneWayTime);
    this.signature = signature;
    this.figures = figures;
  }
}
