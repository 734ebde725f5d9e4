import type { Answered, Degraded, NoAnswer } from "muove";

/** Why a part of the page is not what it should be, and what stands there instead. */
export interface Degradation {
  /** The outcome's reason, such as `absent` or `timeout`. */
  readonly reason: NoAnswer["reason"];
  /** Which kind of fallback answered; `nothing` if none did. */
  readonly source: Degraded<unknown>["source"] | "nothing";
  /** How old a last known answer is, in ms. */
  readonly age: number | null;
  /** What happened, in a sentence for people. */
  readonly message: string;
}

/** A part of the page: its content, if any, and its degradation, if any. */
export interface Part<T> {
  readonly value: T | null;
  readonly degradation: Degradation | null;
}

/** Turns the outcome of a call into a part of the page. An error that the contract declares leaves the part empty. */
export function part<T, E>(outcome: Answered<T, E> | NoAnswer): Part<T> {
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

function degradation({ reason, message }: NoAnswer, source: Degradation["source"], age?: number): Degradation {
  return { reason, source, age: age ?? null, message };
}
