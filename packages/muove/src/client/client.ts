import type {
  CallDefinition,
  CastDefinition,
  DeclaredError,
  Durable,
  EventDefinition,
  EventNames,
  Input,
  Mailbox,
  Messages,
  Output,
} from "@muove/contract";
import type { InstanceOutcome } from "../call/broadcast.js";
import type { Call } from "../call/call.js";
import type { CallOptions } from "../call/call-options.js";
import type { ToAllOptions } from "../call/send-call.js";
import type { CastOptions } from "../cast/casts.js";
import type { Receipt } from "../cast/receipt.js";
import type { LetterOptions } from "../letters/letter-options.js";
import type { LetterReceipt } from "../letters/receipt.js";

/** The method of a call: takes its input, if it has one, and options. See {@link Call} for the result. */
export type CallMethod<C extends CallDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: CallOptions) => Call<Input<C>, Output<C>, DeclaredError<C>>
    : (input: Input<C>, options?: CallOptions) => Call<Input<C>, Output<C>, DeclaredError<C>>;

/**
 * The method of a cast or an event. It needs no `await`, and never throws because of the network or another service.
 */
export type CastMethod<C extends CastDefinition | EventDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: CastOptions) => Receipt
    : (input: Input<C>, options?: CastOptions) => Receipt;

/**
 * The method of a durable cast. Its promise never rejects, and resolves when the letter is stored, or is not known to be
 * in its time.
 */
export type LetterMethod<C extends CastDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: LetterOptions) => Promise<LetterReceipt>
    : (input: Input<C>, options?: LetterOptions) => Promise<LetterReceipt>;

type SentMethod<C extends CastDefinition> = [C["durable"]] extends [Durable] ? LetterMethod<C> : CastMethod<C>;

/** The names of the messages that can be sent: calls and casts. */
export type SentNames<M extends Messages> = Exclude<keyof M, EventNames<M>>;

/** The names of the durable casts of a mailbox. */
export type LetterNames<M extends Messages> = {
  [Name in keyof M & string]: M[Name] extends CastDefinition
    ? [M[Name]["durable"]] extends [Durable]
      ? Name
      : never
    : never;
}[keyof M & string];

/** A client of a mailbox: a method per call and per cast. */
export type Client<M extends Messages> = Methods<M, SentNames<M>> & AnyClient<M>;

// `Names` is a parameter, so that the methods keep the comments of the contract. An `as` clause would lose them.
type Methods<M extends Messages, Names extends keyof M> = {
  readonly [Name in Names]: M[Name] extends CallDefinition
    ? CallMethod<M[Name]>
    : M[Name] extends CastDefinition
      ? SentMethod<M[Name]>
      : never;
};

/** The method of a call to everyone; see {@link Everyone}. */
export type ToAllMethod<C extends CallDefinition> =
  undefined extends Input<C>
    ? (input?: Input<C>, options?: ToAllOptions) => AsyncIterable<InstanceOutcome<Output<C>, DeclaredError<C>>>
    : (input: Input<C>, options?: ToAllOptions) => AsyncIterable<InstanceOutcome<Output<C>, DeclaredError<C>>>;

/**
 * A client of all instances of a mailbox: a method per call and per cast.
 *
 * A call is sent at once, and yields an outcome per instance as the replies come: one for each known instance, and for
 * others that reply. It ends when all known instances have replied, or at the deadline, when the others time out. If
 * there is no instance, or the call cannot be sent, it yields one outcome without an instance. Leaving the loop early
 * cancels the call. Iterate it once.
 */
export type Everyone<M extends Messages> = ToAllMethods<M, SentNames<M>>;

type ToAllMethods<M extends Messages, Names extends keyof M> = {
  readonly [Name in Names]: M[Name] extends CallDefinition
    ? ToAllMethod<M[Name]>
    : M[Name] extends CastDefinition
      ? [M[Name]["durable"]] extends [Durable]
        ? never
        : CastMethod<M[Name]>
      : never;
};

/** How the owner of a mailbox publishes: a method per event. */
export type Publish<M extends Messages> = PublishMethods<M, EventNames<M>>;

type PublishMethods<M extends Messages, Names extends keyof M> = {
  readonly [Name in Names]: M[Name] extends EventDefinition ? CastMethod<M[Name]> : never;
};

/** The key of a client's internals; not enumerable. Registered, as are all such keys: see decision 0030. */
export const internals: unique symbol = Symbol.for("muove.client");

/** What the type of a client remembers of its internals. */
export interface ClientTag<M extends Messages> {
  readonly mailbox: Mailbox<string, M>;
}

/** A client of any mailbox. */
export interface AnyClient<M extends Messages = Messages> {
  readonly [internals]: ClientTag<M>;
}

/** The client that `to` returns: of a mailbox, or the same as the one that it was given. */
export type ClientOf<Target extends Mailbox | AnyClient> = Target extends Mailbox<string, infer M> ? Client<M> : Target;
