import { setTimeout as sleep } from "node:timers/promises";
import { answer, ready } from "@muove/testkit/child";
import { type Call, connect, type Delivered } from "muove";
import { Random } from "../support/random.js";
import { soak } from "./contract.js";
import { keeper } from "./records.js";

// A caller of the soak. It makes calls and casts of every kind, aborts some of them, and records how each one ends.

const { NATS_URL, FOLDER = ".", NAME = "caller", SEED } = process.env;
const bus = connect({ service: "caller", servers: NATS_URL, pingInterval: 500 });
const workers = bus.to(soak);
const random = new Random(Number(SEED));
const keep = keeper(FOLDER, NAME);
let next = 0;
let pending = 0;
let stopped = false;

bus.on("deadLetter", ({ input, reason, delivered }) => {
  const { id } = input as { id: string };
  keep({ type: "ended", id, outcome: `dead letter: ${reason}/${delivered}`, delivered, ms: 0 });
});

interface Outcome {
  readonly status: string;
  readonly reason?: string;
  readonly delivered: Delivered;
  readonly value?: { readonly by: string };
}

function one(): void {
  const id = `${NAME}-${next++}`;
  const input = { id, ms: random.next() < 0.8 ? 0 : random.between(1, 400) };
  const kind = random.next();
  if (kind < 0.15) {
    keep({ type: "begun", id, how: "tell" });
    workers.tell(input);
  } else if (kind < 0.4) {
    keep({ type: "begun", id, how: "repeated" });
    void settle(id, workers.again(input, { retries: 3, ...abortion() }));
  } else {
    keep({ type: "begun", id, how: "once" });
    // A call that was not delivered may be retried even if it is not idempotent.
    void settle(
      id,
      workers.once(input, { retries: random.between(0, 2), timeout: random.between(50, 1_500), ...abortion() }),
    );
  }
}

/** Aborts one call in eight: before it is sent, in the same turn, or some time later. */
function abortion(): { readonly signal?: AbortSignal } {
  const chance = random.next();
  if (chance > 0.12) return {};
  if (chance < 0.02) return { signal: AbortSignal.abort() };
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (chance < 0.04) queueMicrotask(abort);
  else setTimeout(abort, random.between(0, 200));
  return { signal: controller.signal };
}

async function settle(id: string, call: Call<unknown, { readonly by: string }, never>): Promise<void> {
  pending++;
  const start = performance.now();
  const { status, reason, delivered, value }: Outcome = await call;
  const outcome = reason === undefined ? status : `${reason}/${delivered}`;
  keep({ type: "ended", id, outcome, delivered, ...(value && { by: value.by }), ms: performance.now() - start });
  pending--;
}

async function run(): Promise<void> {
  while (!stopped) {
    one();
    await sleep(random.between(0, 20));
  }
}

void run();

answer({
  status: () => bus.status,
  pending: () => pending + bus.status.pending,
  burst(calls: number) {
    for (let i = 0; i < calls; i++) one();
  },
  stop() {
    stopped = true;
  },
  /** Whether a call is answered now. */
  works: async () => (await workers.once({ id: `${NAME}-last-${next++}`, ms: 0 })).status === "ok",
});
ready();
