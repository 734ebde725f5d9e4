/** Thrown by `ctx.reject`: a step refuses a message. */
export class Rejection extends Error {}

/** Whether a thrown value is a refusal. A handler may throw a proxy that throws. */
export function isRejection(thrown: unknown): thrown is Rejection {
  try {
    return thrown instanceof Rejection;
  } catch {
    return false;
  }
}
