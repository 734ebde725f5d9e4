import { messageProblems, messagesProblems } from "./definitions.js";
import { type EventDefinition, type EventReference, eventReference } from "./event.js";
import { type MailOptions, mailOf, mailProblem } from "./mail.js";
import { eventsOf, isDurable, type Mailbox, type Messages } from "./mailbox.js";
import { nameProblem, versionProblem } from "./names.js";

// A contract is plain data: another copy of this package may have made it, or it may be written by hand. Its content
// ends up in subjects and header lines, so the SDK checks it against the rules of `mailbox()` before use.

/** A usable contract: the value itself, or a frozen copy if the value was mutable. */
export type Checked<C> = { readonly contract: C } | { readonly problems: readonly string[] };

/** Valid contracts, each with the frozen contract to use for it. */
const known = new WeakMap<object, object>();

/** Checks a mailbox, once per object. @param value something whose `kind` is `"mailbox"`. */
export function checkMailbox(value: Mailbox): Checked<Mailbox> {
  return once(value, () => {
    const contract = frozenMailbox(value);
    const { name, version, messages, mail } = contract;
    const [wrongVersion, wrongMail] = [versionProblem(version), mail === undefined ? undefined : mailProblem(mail)];
    const problems = [
      nameProblem("the mailbox name", name),
      wrongVersion && `its version ${wrongVersion}`,
      wrongMail && `its mail ${wrongMail}`,
    ];
    return { contract, problems: [...problems.filter(isProblem), ...messagesProblems(messages)] };
  });
}

/** Checks a reference to an event. @param value something whose `kind` is `"event-reference"`. */
export function checkEvent(value: EventReference): Checked<EventReference> {
  return once(value, () => {
    const contract = frozenReference(value);
    const { mailbox, event, definition } = contract;
    const isCallOrCast = ["call", "cast"].includes((definition as { kind?: string } | undefined)?.kind ?? "");
    const problems = [
      nameProblem("the mailbox name", mailbox),
      isCallOrCast ? `${event} is not an event()` : undefined,
    ];
    return { contract, problems: [...problems.filter(isProblem), ...messageProblems(event, definition)] };
  });
}

const isProblem = (problem: string | undefined): problem is string => problem !== undefined;

function once<C extends object>(value: C, check: () => { contract: C; problems: readonly string[] }): Checked<C> {
  const found = known.get(value) as C | undefined;
  if (found !== undefined) return { contract: found };
  const { contract, problems } = check();
  if (problems.length > 0) return { problems };
  known.set(value, contract);
  known.set(contract, contract);
  return { contract };
}

function frozenMailbox(value: Mailbox): Mailbox {
  const { name, version, messages } = value;
  if (typeof messages !== "object" || messages === null) return value;
  const complete = value.mail !== undefined ? Object.isFrozen(value.mail) : !isKept(messages);
  if (complete && [value, messages].every(Object.isFrozen) && Object.values(messages).every(isDeepFrozen)) return value;
  const own = Object.entries(messages).map(([message, definition]) => [message, frozenDefinition(definition)] as const);
  const copied: Messages = Object.freeze(Object.fromEntries(own));
  const mail = isKept(copied) ? frozenMail(value.mail) : undefined;
  return Object.freeze({ kind: "mailbox", name, version, messages: copied, events: eventsOf(name, copied), mail });
}

/** What is no object at all is left as it is, to be refused. */
function frozenMail(mail: Mailbox["mail"] | null): Mailbox["mail"] {
  return mail === null || !["object", "undefined"].includes(typeof mail)
    ? (mail as never)
    : mailOf(mail as MailOptions);
}

/** Like {@link isDurable}, for what may be no contract at all. */
const isKept = (messages: Messages): boolean =>
  isDurable(Object.fromEntries(Object.entries(messages).filter(([, m]) => m)));

function frozenReference(value: EventReference): EventReference {
  const { mailbox, event, definition } = value;
  if (Object.isFrozen(value) && isDeepFrozen(definition)) return value;
  return eventReference(mailbox, event, frozenDefinition(definition) as EventDefinition);
}

/** The nested objects of a definition. Schemas are left out: they are not ours to freeze. */
const partsOf = (definition: object): unknown[] => {
  const { errors, whenUnreachable, durable } = definition as Partial<Record<string, unknown>>;
  return [errors, whenUnreachable, durable];
};

const isDeepFrozen = (definition: object): boolean =>
  Object.isFrozen(definition) && partsOf(definition ?? {}).every(Object.isFrozen);

function frozenDefinition<D extends object>(definition: D): D {
  if (typeof definition !== "object" || definition === null) return definition;
  const [errors, whenUnreachable, durable] = partsOf(definition).map(frozenCopy);
  return Object.freeze({
    ...definition,
    ...(errors !== undefined && { errors }),
    ...(whenUnreachable !== undefined && { whenUnreachable }),
    ...(durable !== undefined && { durable }),
  });
}

const frozenCopy = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? Object.freeze({ ...value }) : value;
