import type {
  CallDefinition,
  CallNames,
  CastDefinition,
  DeclaredError,
  Input,
  Mailbox,
  Messages,
  Output,
} from "@muove/contract";
import { describe } from "@muove/contract/internal";
import { InvalidOptions } from "../base/invalid-options.js";
import type { Answered } from "../call/call.js";
import type { CallOptions } from "../call/call-options.js";
import { chainProblems } from "../fallback/check-chain.js";
import { type FallbackChain, type None, none } from "../fallback/fallback.js";
import type { LastKnown } from "../fallback/last-known.js";
import type { Answer } from "../outcome/answer.js";
import type { NoFallbackAnswered } from "../outcome/outcome.js";
import type { AnyClient, CallMethod, CastMethod, Client, SentNames } from "./client.js";
import { derive, internalsOf, isClient } from "./internals.js";

/** The fallbacks of every call of a mailbox: a chain, as in `.orElse`, or `none`. */
export type Fallbacks<M extends Messages> = {
  readonly [Name in CallNames<M>]: M[Name] extends CallDefinition
    ? FallbackChain<Input<M[Name]>, Output<M[Name]>> | None
    : never;
};

/** A client whose calls have the declared fallbacks; casts, and calls with `none`, are unchanged. */
export type FallbackClient<M extends Messages, F> = FallbackMethods<M, F, SentNames<M>> & AnyClient<M>;

type FallbackMethods<M extends Messages, F, Names extends keyof M> = {
  readonly [Name in Names]: M[Name] extends CallDefinition
    ? Name extends keyof F
      ? FallbackMethod<M[Name], F[Name]>
      : never
    : M[Name] extends CastDefinition
      ? CastMethod<M[Name]>
      : never;
};

type FallbackMethod<C extends CallDefinition, Chain> = Chain extends None
  ? CallMethod<C>
  : undefined extends Input<C>
    ? (input?: Input<C>, options?: CallOptions) => Answer<AnsweredBy<C, Chain>>
    : (input: Input<C>, options?: CallOptions) => Answer<AnsweredBy<C, Chain>>;

type AnsweredBy<C extends CallDefinition, Chain> =
  | Answered<Output<C>, DeclaredError<C>>
  | (Chain extends readonly [...unknown[], infer Last] ? After<Last> : NoFallbackAnswered);

type After<Last> = Last extends LastKnown | ((...args: never[]) => PromiseLike<unknown>) ? NoFallbackAnswered : never;

/**
 * Declares the fallbacks of a whole mailbox in one place. The returned client acts as if `.orElse(...)` followed every
 * call. Every call must be listed; use `none` for one without fallbacks.
 *
 * @throws InvalidOptions for a missing call, a name that is not a call, an empty chain, or a constant that the contract
 * does not allow.
 */
export function withFallback<M extends Messages, const F extends Fallbacks<M>>(
  client: Client<M>,
  fallbacks: F & NoInfer<{ readonly [Name in Exclude<keyof F, CallNames<M>>]: never }>,
): FallbackClient<M, F> {
  if (typeof client !== "object" || client === null || !isClient(client)) {
    throw new InvalidOptions("withFallback()", [`its client must come from bus.to(), not ${describe(client)}`]);
  }
  const { mailbox } = internalsOf(client);
  const problems = fallbackProblems(mailbox, fallbacks);
  if (problems.length > 0) throw new InvalidOptions(`The fallbacks of ${mailbox.name}`, problems);
  return derive(client, { fallbacks: new Map(Object.entries(fallbacks)) }) as FallbackClient<M, F>;
}

function fallbackProblems({ name: mailbox, messages }: Mailbox, fallbacks: object): string[] {
  const given = new Map(Object.entries(fallbacks));
  const calls = Object.entries(messages).filter((entry): entry is [string, CallDefinition] => entry[1].kind === "call");
  const unknown = [...given.keys()].filter((name) => !calls.some(([call]) => call === name));
  return [
    ...unknown.map(
      (name) => `${mailbox} has no call ${describe(name)}: its calls are ${calls.map(([c]) => c).join(", ")}`,
    ),
    ...calls.flatMap(([name, definition]) => problemsOf(`${mailbox}.${name}`, definition, given.get(name))),
  ];
}

function problemsOf(address: string, { output }: CallDefinition, chain: unknown): string[] {
  if (chain === none) return [];
  if (Array.isArray(chain) && chain.length > 0) return chainProblems(address, output, chain);
  return [`${address} needs an array of fallbacks, or none (import { none } from "muove") to have no fallback`];
}
