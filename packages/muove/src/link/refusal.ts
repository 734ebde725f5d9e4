import { PermissionViolationError } from "@nats-io/transport-node";

/**
 * Why a server refuses a subject: the permissions of the user, or because the connection has as many subscriptions as
 * it may have.
 */
export type RefusalReason = "permissions" | "limit";

/** What a server says when it refuses a subscription, or takes one away. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** The id of the subscription that it takes away. Without one, it refuses one that it was just asked for. */
  readonly id?: number;
}

const limitText = "maximum subscriptions exceeded";
/** When permissions change, servers since 2.9 name the subscription so. Only since 2.15 they name its queue group, too. */
const idForm = /\(sid "(\d+)"\)$/;

/** Undefined for an error that is about something else. */
export function refusalOf(error: Error): Refusal | undefined {
  if (error.message === limitText) return { reason: "limit" };
  if (!(error instanceof PermissionViolationError) || error.operation === "publish") return undefined;
  const id = idForm.exec(error.message)?.[1];
  return { reason: "permissions", ...(id !== undefined && { id: Number(id) }) };
}
