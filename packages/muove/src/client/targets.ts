import type { Mailbox } from "@muove/contract";
import type { ResolvedAddress } from "../address/address.js";
import type { CallTarget } from "../call/target.js";
import type { CastTarget } from "../cast/letter.js";
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

/** A key is left out: it may be a secret, and there are too many. */
function inWords({ kind, name }: ResolvedAddress): string {
  if (kind === "key") return "{key}";
  return kind === "everyone" ? "*" : name;
}

/**
 * The calls and casts of a mailbox at one address of it; at any instance where there is none. By key they are known to
 * people in this form, and written to at whoever is responsible.
 */
export function* targetsOf(
  core: ClientEnvironment,
  { name: mailbox, messages }: Mailbox,
  place?: ResolvedAddress,
): Generator<CallTarget | CastTarget> {
  const at = place === undefined ? "" : `@${inWords(place)}`;
  const [line, cancels, alone] = [`${mailbox}${at}`, cancelOf(core, mailbox, place), place?.kind === "instance"];
  for (const [message, definition] of Object.entries(messages)) {
    const address = `${mailbox}.${message}${at}`;
    const subject = subjectOf(core, mailbox, message, place);
    const { input } = definition;
    // Written out, and not spread: each result of a spread is of a shape of its own here, and every look at one a slow one.
    if (definition.kind === "cast") yield { mailbox, message, address, subject, input, definition, line };
    if (definition.kind !== "call") continue;
    const peer = peerOf(core, address, `${mailbox}.${message}`, place);
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
  place: ResolvedAddress | undefined,
): string {
  if (place === undefined || place.kind === "key") return messageSubject(prefix, mailbox, message);
  if (place.kind === "everyone") return everyoneSubject(prefix, mailbox, message);
  if (place.kind === "tags") return tagsSubject(prefix, mailbox, place.name, message);
  return instanceSubject(prefix, mailbox, place.name, message);
}

/** Nobody but the server knows which of several instances has a call, so all are told. */
function cancelOf(
  { prefix }: Pick<ClientEnvironment, "prefix">,
  mailbox: string,
  place: ResolvedAddress | undefined,
): string {
  if (place?.kind === "instance") return instanceSubject(prefix, mailbox, place.name, cancelToken);
  return cancelSubject(prefix, mailbox);
}

function peerOf(
  { peers }: Pick<ClientEnvironment, "peers">,
  address: string,
  message: string,
  place: ResolvedAddress | undefined,
): Peer {
  const passing = place?.kind === "instance" || place?.kind === "tags";
  return passing ? peers.addressed(address, message, place.kind === "instance") : peers.of(address);
}
