/** Thrown by `ctx.refuse`: a step refuses a message. */
export class StepRefusal extends Error {}

/** Whether a thrown value is a refusal. A handler may throw a proxy that throws. */
export function isStepRefusal(thrown: unknown): thrown is StepRefusal {
  try {
    return thrown instanceof StepRefusal;
  } catch {
    return false;
  }
}
