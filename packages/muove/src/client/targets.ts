import type { Mailbox } from "@muove/contract";
import type { ResolvedAddress } from "../address/address.js";
import type { CallTarget } from "../call/target.js";
import type { CastTarget } from "../cast/letter.js";
import type { LetterTarget } from "../letters/letters.js";
import { isKept, mailPlan } from "../letters/streams.js";
import type { Peer } from "../peers/peer.js";
import {
  cancelSubject,
  cancelToken,
  eventSubject,
  everyoneSubject,
  instanceSubject,
  messageSubject,
  tagsSubject,
} from "../wire/subjects.js";
import type { ClientEnvironment } from "./client-environment.js";

/** Omits keys: they may be secret, and there are too many. */
function suffixOf({ kind, name }: ResolvedAddress): string {
  if (kind === "key") return "{key}";
  return kind === "everyone" ? "*" : name;
}

/**
 * The calls and casts of a mailbox at an address; by default at any instance. Those by key are only for display: they
 * are sent to the responsible instance.
 */
export function* targetsOf(
  env: ClientEnvironment,
  contract: Mailbox,
  to?: ResolvedAddress,
): Generator<CallTarget | CastTarget | LetterTarget> {
  const { name: mailbox, messages } = contract;
  const plan = to === undefined ? mailPlan(env.prefix, contract) : undefined;
  const at = to === undefined ? "" : `@${suffixOf(to)}`;
  const [line, cancels, alone] = [`${mailbox}${at}`, cancelOf(env, mailbox, to), to?.kind === "instance"];
  for (const [message, definition] of Object.entries(messages)) {
    const address = `${mailbox}.${message}${at}`;
    const subject = subjectOf(env, mailbox, message, to);
    const { input } = definition;
    // Not a spread: V8 gave every spread result its own hidden class here, which made each property access slow.
    if (isKept(definition) && plan !== undefined) {
      yield { mailbox, message, address, subject: plan.names.letter(message), input, definition, line, plan };
    } else if (definition.kind === "cast") yield { mailbox, message, address, subject, input, definition, line };
    if (definition.kind !== "call") continue;
    const peer = peerOf(env, address, `${mailbox}.${message}`, to);
    yield { mailbox, message, address, subject, input, definition, cancelSubject: cancels, peer, alone };
  }
}

/** The events of a mailbox. */
export function* eventTargets(
  { prefix }: Pick<ClientEnvironment, "prefix">,
  { name: mailbox, messages }: Mailbox,
): Generator<CastTarget> {
  for (const [message, definition] of Object.entries(messages)) {
    if (definition.kind !== "event") continue;
    const address = `${mailbox}.${message}`;
    const subject = eventSubject(prefix, mailbox, message);
    yield { mailbox, message, address, subject, input: definition.input, definition, line: subject };
  }
}

function subjectOf(
  { prefix }: Pick<ClientEnvironment, "prefix">,
  mailbox: string,
  message: string,
  to: ResolvedAddress | undefined,
): string {
  if (to === undefined || to.kind === "key") return messageSubject(prefix, mailbox, message);
  if (to.kind === "everyone") return everyoneSubject(prefix, mailbox, message);
  if (to.kind === "tags") return tagsSubject(prefix, mailbox, to.name, message);
  return instanceSubject(prefix, mailbox, to.name, message);
}

/** Only the server knows which instance has a call, so a cancellation goes to all of them. */
function cancelOf(
  { prefix }: Pick<ClientEnvironment, "prefix">,
  mailbox: string,
  to: ResolvedAddress | undefined,
): string {
  if (to?.kind === "instance") return instanceSubject(prefix, mailbox, to.name, cancelToken);
  return cancelSubject(prefix, mailbox);
}

function peerOf(
  { peers }: Pick<ClientEnvironment, "peers">,
  address: string,
  message: string,
  to: ResolvedAddress | undefined,
): Peer {
  const addressed = to?.kind === "instance" || to?.kind === "tags";
  return addressed ? peers.addressed(address, message, to.kind) : peers.of(address);
}
