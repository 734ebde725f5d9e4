import type { AnyOutcome } from "../outcome/answer.js";
import * as ending from "../outcome/endings.js";
import type { HeaderBlock } from "../wire/headers.js";
import type { CallEnvironment } from "./call-environment.js";
import type { Request } from "./request.js";
import type { CallTarget } from "./target.js";

/**
 * The outcome of a request that need not be sent; `undefined` if it should be. Only this function decides, for every
 * kind of address.
 *
 * @param timeout the time left, in ms.
 */
export function preflight({ env, scope }: Request, { address }: CallTarget, timeout: number): AnyOutcome | undefined {
  if (timeout === 0) return ending.expired(address);
  if (scope.aborted) return ending.cancelled(address, "no");
  if (env.transport.inbox.forbidden) return ending.forbidden(address);
  return env.transport.link.up ? undefined : disconnected(env, address, "no");
}

/** There is no connection, or no longer. */
export function disconnected({ transport }: CallEnvironment, address: string, delivered: "no" | "maybe"): AnyOutcome {
  return transport.link.closed ? ending.closed(address, delivered) : ending.unreachable(address, delivered);
}

/** {@link preflight}, then the circuit of the target. The circuit comes last, since asking may use up its one probe. */
export function clearance(request: Request, to: CallTarget, timeout: number, now: number): AnyOutcome | undefined {
  const refusal = preflight(request, to, timeout);
  if (refusal !== undefined) return refusal;
  // In whole ms, as its end is reported: that must reach the circuit that admitted it.
  const circuit = to.peer.circuits.of(Math.ceil(timeout), to.definition.timeout);
  return circuit.admits(now) ? undefined : ending.circuitOpen(to.address);
}

/**
 * The outcome of a request that could not be published. After a wait, the server may have a lower size limit than
 * before.
 */
export function unsent({ env, payload }: Request, { address }: CallTarget, headers: HeaderBlock): AnyOutcome {
  const { up, maxPayload } = env.transport.link;
  const size = payload.length + headers.length;
  return up && size > maxPayload ? ending.unfit(address, size, maxPayload) : disconnected(env, address, "no");
}
