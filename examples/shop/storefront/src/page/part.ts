import type { Answered, Degraded } from "muove";

type Missing = Degraded<unknown>["outcome"];

/** Why a part of the page is not what it should be, and what stands there instead. */
export interface Degradation {
  /** The outcome's reason, such as `absent` or `timeout`. */
  readonly reason: Missing["reason"];
  /** Which kind of fallback answered; `nothing` when none did. */
  readonly source: Degraded<unknown>["source"] | "nothing";
  /** How old a last known answer is, in ms. */
  readonly age: number | null;
  /** The whole story in a sentence, for whoever looks into it. */
  readonly message: string;
}

/** A part of the page: what to show, if there is anything, and what is wrong with it, if something is. */
export interface Part<T> {
  readonly value: T | null;
  readonly degradation: Degradation | null;
}

/** Turns the outcome of a call into a part of the page. An error that the contract declares leaves the part empty. */
export function part<T, E>(outcome: Answered<T, E> | Missing): Part<T> {
  switch (outcome.status) {
    case "ok":
      return { value: outcome.value, degradation: null };
    case "degraded":
      return { value: outcome.value, degradation: degradation(outcome.outcome, outcome.source, outcome.age) };
    case "failed":
      return { value: null, degradation: null };
    default:
      return { value: null, degradation: degradation(outcome, "nothing") };
  }
}

function degradation({ reason, message }: Missing, source: Degradation["source"], age?: number): Degradation {
  return { reason, source, age: age ?? null, message };
}
