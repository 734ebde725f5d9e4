import type { MachineTime } from "../processes/cpu-time.js";

/** CPU time in microseconds up to some moment. Undefined if the system does not report it, or if there is no server. */
export interface Spent {
  readonly service: number;
  readonly server: number | undefined;
  readonly machine: MachineTime | undefined;
}

export interface Cost {
  /** CPU time in microseconds per request. */
  readonly cpu: { readonly caller: number; readonly service: number; readonly server: number | undefined };
  /** The share of the machine's CPU time that other processes used meanwhile, from 0 to 1. */
  readonly others: number | undefined;
}

/** The cost of a number of requests. The caller reports its own part. */
export function cost(before: Spent, after: Spent, caller: number, count: number): Cost {
  const service = after.service - before.service;
  const server = since(before.server, after.server);
  const cpu = { caller: caller / count, service: service / count, server: server && server / count };
  return { cpu, others: othersShare(before, after, caller + service + (server ?? 0)) };
}

function othersShare({ machine: before }: Spent, { machine: after }: Spent, ours: number): number | undefined {
  const [total, idle] = [since(before?.total, after?.total), since(before?.idle, after?.idle)];
  if (total === undefined || idle === undefined || total === 0) return undefined;
  return Math.max(0, (total - idle - ours) / total);
}

function since(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined ? undefined : after - before;
}
