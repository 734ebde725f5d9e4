import { clearTimeout, setTimeout } from "node:timers";
import { describe } from "@muove/contract/internal";
import { TestkitError } from "./errors.js";
import { check, rule } from "./options.js";

export interface EventuallyOptions {
  /** How long to wait, in ms. Default 5,000. */
  readonly within?: number;
  /** The longest pause between two checks, in ms. Pauses start at 1 ms and double up to this. Default 50. */
  readonly every?: number;
  /** What the test waits for, for the error's message. Default: the text of the function. */
  readonly what?: string;
}

type Truthy<T> = Exclude<T, false | 0 | "" | null | undefined>;

/** The first pause between two checks, in ms. */
const firstPause = 1;

/**
 * Waits until a condition holds: calls the function again and again until it returns, or its promise resolves to,
 * something truthy, and resolves to that. An error counts as "not yet". It uses real time, even if the test has faked
 * its timers.
 *
 * @throws TestkitError MUOVE_TESTKIT_TIMEOUT if it does not hold in time. The message has the last value or the
 * last error (which is also the `cause`). MUOVE_TESTKIT_INVALID_OPTIONS.
 */
export function eventually<T>(
  condition: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Truthy<Awaited<T>>> {
  check("eventually()", options, { within: rule.milliseconds, every: rule.count, what: rule.string });
  const { within = 5_000, every = 50, what = String(condition) } = options;
  const caller: { stack?: string } = {};
  Error.captureStackTrace(caller, eventually);
  return new Promise((resolve, reject) => {
    let last: Look = { kind: "nothing" };
    let timer: NodeJS.Timeout | undefined;
    let pause = firstPause;
    let over = false;
    const deadline = setTimeout(() => {
      over = true;
      clearTimeout(timer);
      reject(tooLate(what, within, last, caller.stack));
    }, within);
    const again = async (): Promise<void> => {
      last = await look(condition);
      if (over) return;
      if (last.kind === "value" && last.value) {
        clearTimeout(deadline);
        resolve(last.value as Truthy<Awaited<T>>);
        return;
      }
      timer = setTimeout(again, pause);
      pause = Math.min(pause * 2, every);
    };
    void again();
  });
}

type Look =
  | { readonly kind: "nothing" }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "thrown"; readonly error: unknown };

async function look(condition: () => unknown): Promise<Look> {
  try {
    return { kind: "value", value: await condition() };
  } catch (error) {
    return { kind: "thrown", error };
  }
}

function tooLate(what: string, within: number, last: Look, callerStack = ""): TestkitError {
  const text = `Waited ${within} ms in vain for: ${what}\nLast seen: ${inWords(last)}`;
  const error = new TestkitError("MUOVE_TESTKIT_TIMEOUT", text, last.kind === "thrown" ? { cause: last.error } : {});
  // The stack of a timer would not show which line waited.
  error.stack = `${error.name}: ${text}\n${callerStack.split("\n").slice(1).join("\n")}`;
  return error;
}

function inWords(last: Look): string {
  if (last.kind === "nothing") return "nothing, as the first check has not settled";
  if (last.kind === "value") return describe(last.value);
  return `it threw ${last.error instanceof Error ? `${last.error.name}: ${last.error.message}` : describe(last.error)}`;
}
