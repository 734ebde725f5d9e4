import type { Message } from "@muove/contract";
import type { Figures } from "./figures.js";
import { handlerTimeoutOf } from "./handler-timeout.js";
import type { AnyHandler } from "./handlers.js";

interface Parts {
  readonly address: string;
  readonly subject: string;
  readonly definition: Message;
  readonly figures: Figures;
  readonly handler: AnyHandler;
  /** What the owner of this instance allows instead of the contract, in ms. */
  readonly handlerTimeout: number | undefined;
  /** Whether messages of one key take turns. */
  readonly serial?: boolean | undefined;
  /** The sender to put into answers, if they need one. */
  readonly signature?: string | undefined;
}

/** A message that this bus serves, or an event that it listens to. */
export class Endpoint {
  /** Such as `pricing.quote`. */
  readonly address: string;
  /** Its subject for any instance, or for all listeners. */
  readonly subject: string;
  readonly definition: Message;
  readonly handler: AnyHandler;
  readonly isCall: boolean;
  /** The contract's timeout, for callers without one, in ms; infinite for a cast or an event. */
  readonly timeout: number;
  /** How long its handler may take, in ms, whatever timeout the caller has. */
  readonly handlerTimeout: number;
  /** Whether messages of one key take turns. */
  readonly serial: boolean;
  /** The sender to put into answers, for messages to everyone. */
  readonly signature: string | undefined;
  readonly figures: Figures;

  constructor({ address, subject, definition, figures, handler, handlerTimeout, serial = false, signature }: Parts) {
    this.address = address;
    this.subject = subject;
    this.definition = definition;
    this.handler = handler;
    this.isCall = definition.kind === "call";
    this.timeout = definition.kind === "call" ? definition.timeout : Number.POSITIVE_INFINITY;
    this.handlerTimeout = handlerTimeoutOf(definition, handlerTimeout);
    this.serial = serial;
    this.signature = signature;
    this.figures = figures;
  }
}
