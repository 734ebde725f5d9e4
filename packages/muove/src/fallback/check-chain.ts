import type { Schema } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import { isPromise } from "../base/is-promise.js";
import type { FallbackStep } from "./fallback.js";
import { isLastKnown, lastKnown } from "./last-known.js";

/**
 * Finds problems of a chain of fallbacks that types cannot: an empty chain, or a constant that the contract's output
 * does not allow. They are reported when the chain is declared, not in the outage that it is for.
 */
export function chainProblems(address: string, output: Schema | undefined, chain: readonly FallbackStep[]): string[] {
  if (chain.length === 0) return [`${address} has an empty chain of fallbacks`];
  if (chain.includes(lastKnown as FallbackStep))
    return [`${address} has lastKnown as a fallback: call it, lastKnown()`];
  return chain.filter(isConstant).flatMap((value) => {
    if (isPromise(value)) return [`${address} has a promise as a fallback: use a function that returns it`];
    const { issues } = validate(output, value, address);
    return issues ? [`${address} has a fallback that its contract does not allow: ${issuesInWords(issues)}`] : [];
  });
}

function isConstant(step: FallbackStep): boolean {
  return typeof step !== "function" && !isLastKnown(step);
}
