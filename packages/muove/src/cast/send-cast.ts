import type { CastDefinition, WhenUnreachable } from "@muove/contract";
import { optionProblems, whenUnreachableProblem } from "@muove/contract/internal";
import type { Core } from "../bus/core.js";
import { InvalidOptions } from "../bus/invalid-options.js";
import type { Scope } from "../call/scope.js";
import { requestHeaders } from "../wire/headers.js";
import { checkSize, payloadOf, type Target } from "../wire/outgoing.js";
import { type Letter, post } from "./letter.js";

/**
 * What is known of a cast as it is made. Needs no looking at: a cast that is known to have reached nobody, now or later,
 * comes as a `deadLetter` event, unless its contract says that it may be dropped.
 *
 * - `sent`: handed to the connection. That does not mean that anybody got it.
 * - `buffered`: waits for the connection to come back, or behind others that do.
 * - `unsent`: handed to nothing, and it never will be.
 */
export type Receipt =
  | { readonly status: "sent" }
  | { readonly status: "buffered" }
  | { readonly status: "unsent"; readonly reason: "unreachable"; readonly delivered: "no" };

const sent: Receipt = Object.freeze({ status: "sent" });
const buffered: Receipt = Object.freeze({ status: "buffered" });
const unsent: Receipt = Object.freeze({ status: "unsent", reason: "unreachable", delivered: "no" });

export interface CastOptions {
  /** What becomes of it while there is no connection to NATS. Default: what the contract says. */
  readonly whenUnreachable?: WhenUnreachable | undefined;
}

/** A message that can be cast. */
export interface CastTarget extends Target {
  readonly definition: CastDefinition;
}

/**
 * Makes a cast and sends it at once.
 *
 * @throws InvalidOptions, InvalidInput, TooLarge
 */
export function sendCast(core: Core, target: CastTarget, scope: Scope, input: unknown, options?: CastOptions): Receipt {
  const { whenUnreachable = target.definition.whenUnreachable } = checked(options, target);
  const letter = write(core, target, scope, input);
  if (core.castBuffer.holds(target.mailbox) && waits(core, letter, whenUnreachable)) return buffered;
  if (post(core, letter)) return sent;
  if (whenUnreachable === "drop") return unsent;
  if (waits(core, letter, whenUnreachable)) return buffered;
  core.deadLetters.add(target, input, "unreachable", "no");
  return unsent;
}

/** Puts it with those that wait, if it may wait and there is room. */
function waits(core: Core, letter: Letter, whenUnreachable: WhenUnreachable): boolean {
  return typeof whenUnreachable === "object" && core.castBuffer.add(letter, whenUnreachable.bufferFor);
}

function write(core: Core, target: CastTarget, { traceparent }: Scope, input: unknown): Letter {
  const headers = requestHeaders({ from: core.from, ...(traceparent && { traceparent }) });
  const payload = payloadOf(target, input, core.encoding);
  checkSize(target, payload, headers, core.link.maxPayload);
  return { target, input, payload, headers };
}

function checked(options: CastOptions | undefined, { address }: CastTarget): CastOptions {
  if (options === undefined) return {};
  const problems = optionProblems(options, { whenUnreachable: whenUnreachableProblem });
  if (problems.length > 0) throw new InvalidOptions(`The options of a cast to ${address}`, problems);
  return options;
}
