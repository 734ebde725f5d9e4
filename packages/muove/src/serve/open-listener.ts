import type { EventDefinition, EventReference, HandlerInput } from "@muove/contract";
import { describe, nameProblem, optionProblems, rules } from "@muove/contract/internal";
import type { GivenMetadata } from "../address/given-metadata.js";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Clients } from "../client/clients.js";
import { eventSubject } from "../wire/subjects.js";
import { Backlog } from "./backlog.js";
import { type CapacityOptions, capacityOf, capacityRules } from "./capacity.js";
import { Endpoint } from "./endpoint.js";
import { Figures } from "./figures.js";
import type { EventContext } from "./handler-context.js";
import type { AnyHandler } from "./handlers.js";
import { hostOf } from "./host.js";
import { Receiver } from "./receiver.js";
import type { ServeEnvironment } from "./serve-environment.js";
import { Subscriptions } from "./subscriptions.js";

/** Handles an event. If it throws, the error is logged. */
export type EventHandler<E extends EventDefinition, Meta = unknown, Given = GivenMetadata<Meta>> = (
  input: HandlerInput<E>,
  ctx: EventContext<Meta, Given>,
) => void | Promise<void>;

export interface ListenOptions extends CapacityOptions {
  /**
   * Shares the event: of all listeners in the group of this name, in any service, one gets each event. 1 to 64 letters,
   * digits, `-` and `_`, starting with a letter. Default: none; this listener gets every event.
   */
  readonly group?: string | undefined;
  /** How long the handler may take, in ms. Default: what the contract says, or 1,800,000 (30 minutes). */
  readonly handlerTimeout?: number | undefined;
}

/** A listener of this bus. */
export interface OpenListener {
  readonly event: EventReference;
  readonly group: string | undefined;
  readonly receiver: Receiver;
}

/** @throws InvalidOptions */
export function openListener(
  env: ServeEnvironment,
  clients: Clients,
  event: EventReference,
  handler: EventHandler<EventDefinition>,
  options: ListenOptions,
): OpenListener {
  check(event, handler, options);
  const { mailbox, event: name, definition } = event;
  const { group, handlerTimeout } = options;
  const address = `${mailbox}.${name}`;
  const backlog = new Backlog(hostOf(env, clients), capacityOf(options));
  const subject = eventSubject(env.prefix, mailbox, name);
  const figures = new Figures();
  const listening = handler as AnyHandler;
  const endpoint = new Endpoint({ address, subject, definition, figures, handler: listening, handlerTimeout });
  const subscription = env.link.subscribe(subject, {
    ...(group !== undefined && { queue: group }),
    receive: (msg) => backlog.admit(endpoint, msg),
  });
  const subscriptions = new Subscriptions({ required: [subscription] });
  return { event, group, receiver: new Receiver("listener", address, subscriptions, backlog) };
}

function check(event: EventReference, handler: unknown, options: ListenOptions): void {
  if (event?.kind !== "event-reference") {
    const known = 'the name of one of the bus\'s own events, such as "connected", or an event of a mailbox';
    throw new InvalidOptions("This listener", [`it must listen to ${known}, not to ${describe(event)}`]);
  }
  const problems = optionProblems(options, {
    ...capacityRules,
    group: (value) => nameProblem("(the group's name)", value),
    handlerTimeout: rules.milliseconds,
  });
  if (typeof handler !== "function") problems.unshift(`its handler must be a function, not ${describe(handler)}`);
  if (problems.length > 0) throw new InvalidOptions(`The listener to ${event.mailbox}.${event.event}`, problems);
}
