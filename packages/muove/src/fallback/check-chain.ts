import type { Schema } from "@muove/contract";
import { issuesInWords, validate } from "@muove/contract/internal";
import type { FallbackStep } from "./fallback.js";
import { LastKnown } from "./last-known.js";

/**
 * What is wrong with a chain of fallbacks that its type could not tell: nothing in it, or a constant that the
 * contract's output does not allow. Found when the chain is declared, and not in the outage that it is for.
 */
export function chainProblems(address: string, output: Schema | undefined, chain: readonly FallbackStep[]): string[] {
  if (chain.length === 0) return [`${address} has no fallback in it`];
  return chain.filter(isConstant).flatMap((value) => {
    const { issues } = validate(output, value, address);
    return issues ? [`${address} has a fallback that its contract does not allow: ${issuesInWords(issues)}`] : [];
  });
}

function isConstant(step: FallbackStep): boolean {
  return typeof step !== "function" && !(step instanceof LastKnown);
}
