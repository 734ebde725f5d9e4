import { answer } from "@muove/testkit/child";
import { type CallOptions, connect } from "muove";
import { worker } from "./contract.js";
import { heapInUse } from "./heap.js";
import { atRate, type Generated, inLanes } from "./load.js";

// A caller of the worker in its own process, for load that would disturb the test's process or be disturbed by it.

const bus = connect({ service: "caller", servers: process.env.NATS_URL });
const workers = bus.to(worker);

type Call = (input?: unknown, options?: CallOptions) => PromiseLike<unknown>;

answer({
  status: () => bus.status,
  memory: heapInUse,
  call: (message: string, input: unknown, options: CallOptions) =>
    (workers as unknown as Record<string, Call>)[message]?.(input, options),
  inLanes: (lanes: number, ms: number, during: number): Promise<Generated> =>
    inLanes(lanes, during, () => workers.spin({ ms }, { timeout: 5_000 })),
  atRate: (rate: number, ms: number, during: number): Promise<Generated> =>
    atRate(rate, during, () => workers.spin({ ms })),
});
