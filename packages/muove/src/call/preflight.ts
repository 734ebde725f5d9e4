import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import type { HeaderBlock } from "../wire/headers.js";
import type { Request } from "./request.js";
import type { CallTarget } from "./target.js";

/**
 * Why a request need not be sent at all; nothing when it can be. This is decided here and nowhere else, whatever the address.
 *
 * @param timeout what is left for it, in ms.
 */
export function preflight({ env, scope }: Request, { address }: CallTarget, timeout: number): AnyOutcome | undefined {
  if (timeout === 0) return ending.expired(address);
  if (scope.aborted) return ending.cancelled(address, "no");
  if (env.inbox.forbidden) return ending.forbidden(address);
  return env.link.up ? undefined : ending.unreachable(address, "no");
}

/**
 * As {@link preflight}, and then the circuit of who would be sent to. It is asked last: to ask it may use up the one call that is
 * let through.
 */
export function clearance(request: Request, to: CallTarget, timeout: number, now: number): AnyOutcome | undefined {
  const refusal = preflight(request, to, timeout);
  if (refusal !== undefined) return refusal;
  return to.peer.circuit.admits(now) ? undefined : ending.circuitOpen(to.address);
}

/** Why a request was handed to no connection. What waits, or is sent again, may meet a server that takes less than the one before. */
export function unsent({ env, payload }: Request, { address }: CallTarget, headers: HeaderBlock): AnyOutcome {
  const { up, maxPayload } = env.link;
  const size = payload.length + headers.length;
  return up && size > maxPayload ? ending.unfit(address, size, maxPayload) : ending.unreachable(address, "no");
}
