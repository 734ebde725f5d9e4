import { InvalidContract } from "./invalid-contract.js";
import { errorCodeProblem } from "./names.js";
import { optionProblems, rules } from "./options.js";
import { payloadSchemaProblem } from "./payload-schema.js";
import type { Plain, Reparsable, Schema } from "./schema.js";

/** The errors that a call declares: a code and the schema of its data. */
export type ErrorSchemas = Readonly<Record<string, Schema>>;

/** A message that expects a reply; the term is Erlang/OTP's. Made by {@link call}; plain frozen data. */
export interface CallDefinition<
  Input extends Schema | undefined = Schema | undefined,
  Output extends Schema | undefined = Schema | undefined,
  Errors extends ErrorSchemas = ErrorSchemas,
> {
  readonly kind: "call";
  readonly input: Input;
  readonly output: Output;
  readonly errors: Errors;
  readonly timeout: number;
  /** In ms; `undefined` for the default. */
  readonly handlerTimeout?: number | undefined;
  readonly idempotent: boolean;
}

export interface CallDefinitionOptions<Input, Output, Errors> {
  /** What the caller sends. Default: nothing. The handler gets the output of this schema. */
  readonly input?: Input;
  /** What the handler returns. Default: nothing. The schema must accept its own output, because both sides parse. */
  readonly output?: Output & Reparsable<Output>;
  /** Errors by code; `z.undefined()` for one without data. Each schema must accept its own output. */
  readonly errors?: Errors & { readonly [Code in keyof Errors]: Reparsable<Errors[Code]> };
  /** How long a caller waits by default, in ms. Default 1,000. */
  readonly timeout?: number;
  /**
   * How long a handler may take, in ms, however long its caller waits. Then it is overdue: its signal aborts, its slot
   * goes to the next message, and as many such handlers as slots make the service not live. The signal also aborts when
   * the caller gives up; the handler may run on until this time. Default: `timeout`.
   */
  readonly handlerTimeout?: number;
  /** Whether it is safe to retry when it may have been delivered. Default false. */
  readonly idempotent?: boolean;
}

// Conditional, so that the compiler infers the errors from the options alone, and shows the result and not this name.
type PlainErrors<Errors> = Errors extends ErrorSchemas
  ? { readonly [Code in keyof Errors]: Plain<Errors[Code]> }
  : never;

export const defaultTimeout = 1_000;

/**
 * Defines a call: a message that expects a reply.
 *
 * @throws InvalidContract listing every problem: an unknown option, something that is not a schema, a type that no
 * message can carry (as far as Zod tells), an error code that is not in CAPITALS, a timeout that is not a whole number
 * of ms.
 */
export function call<
  Input extends Schema | undefined = undefined,
  Output extends Schema | undefined = undefined,
  const Errors extends ErrorSchemas = Record<never, Schema>,
>(
  options: CallDefinitionOptions<Input, Output, Errors> = {},
): CallDefinition<Plain<Input>, Plain<Output>, PlainErrors<Errors>> {
  const problems = optionProblems(options, callRules);
  if (problems.length > 0) throw new InvalidContract("This call", problems);
  const { input, output, errors = {}, timeout = defaultTimeout, handlerTimeout, idempotent = false } = options;
  const definition = {
    kind: "call",
    input,
    output,
    errors: Object.freeze({ ...errors }),
    timeout,
    handlerTimeout,
    idempotent,
  } as const;
  return Object.freeze(definition as CallDefinition<Plain<Input>, Plain<Output>, PlainErrors<Errors>>);
}

/** What each field of a definition must be. */
export const callRules = {
  input: (value: unknown) => payloadSchemaProblem("(the input)", value, "input"),
  output: (value: unknown) => payloadSchemaProblem("(the output)", value, "output"),
  errors: (value: unknown) => errorsProblem(value),
  timeout: rules.milliseconds,
  handlerTimeout: rules.milliseconds,
  idempotent: rules.boolean,
};

function errorsProblem(errors: unknown): string | undefined {
  if (typeof errors !== "object" || errors === null) return "must be an object of schemas by error code";
  const problems = Object.entries(errors).flatMap(([code, schema]) => [
    errorCodeProblem(code),
    payloadSchemaProblem(`(the data of ${code})`, schema, "output"),
  ]);
  return problems.filter((problem) => problem !== undefined).join("; ") || undefined;
}
