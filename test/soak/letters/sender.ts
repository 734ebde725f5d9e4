import { setTimeout as sleep } from "node:timers/promises";
import { answer, ready } from "@muove/testkit/child";
import { connect, type LetterReceipt } from "muove";
import { Random } from "../../support/random.js";
import { keeper } from "../records.js";
import { type LetterInput, letters } from "./contract.js";
import type { LetterRecord } from "./records.js";
import { recordStalls } from "./stalls.js";

// A sender of the soak. It sends letters of every kind, aborts some, sends again under the same id what may be stored, and
// records what it is told of each.

const { NATS_URL, FOLDER = ".", NAME = "sender", SEED } = process.env;
const bus = connect({ service: "sender", servers: NATS_URL, pingInterval: 500 });
const owners = bus.to(letters);
const random = new Random(Number(SEED));
const name = `${NAME}-${bus.status.instance}`;
const keep = keeper<LetterRecord>(FOLDER, name);
const simple: LetterInput = { ms: 0, fails: 0, after: 0, bury: false };
let next = 0;
let pending = 0;
let stopped = false;

function one(): void {
  pending++;
  void settle(`${name}-${next++}`, { ...simple, ...kind() }).finally(() => pending--);
}

function kind(): Partial<LetterInput> {
  const chance = random.next();
  if (chance < 0.5) return {};
  if (chance < 0.75) return { ms: random.between(1, 400) };
  if (chance < 0.76) return { ms: random.between(4_000, 6_000) }; // Longer than it is held without a sign of life.
  if (chance < 0.91) return { fails: random.between(1, 4) };
  if (chance < 0.97) return { after: random.between(1, 2_000) };
  return { bury: true };
}

/** Sends it, and up to three times again while it may be stored. */
async function settle(id: string, input: LetterInput): Promise<void> {
  for (let times = 0; times < 4; times++) if ((await send(id, input)) !== "maybe") return;
}

async function send(id: string, input: LetterInput, options = limits()): Promise<"stored" | "no" | "maybe"> {
  keep({ type: "begun", id, at: Date.now() });
  const receipt: LetterReceipt = await owners.work(input, { id, ...options });
  const said = receipt.status === "stored" ? receipt.status : receipt.delivered;
  keep({ type: "receipt", id, said, ...(receipt.status !== "stored" && { reason: receipt.reason }), at: Date.now() });
  return said;
}

/** One letter in four has little time, and one in ten is aborted. */
function limits(): { readonly timeout?: number; readonly signal?: AbortSignal } {
  const chance = random.next();
  if (chance < 0.25) return { timeout: random.between(1, 1_000) };
  if (chance > 0.35) return {};
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (chance < 0.27) queueMicrotask(abort);
  else setTimeout(abort, random.between(0, 200));
  return { signal: controller.signal };
}

async function run(): Promise<void> {
  while (!stopped) {
    one();
    await sleep(random.between(0, 40));
  }
}

void run();
recordStalls(NAME, keep);

answer({
  status: () => bus.status,
  pending: () => pending,
  burst(count: number) {
    for (let i = 0; i < count; i++) one();
  },
  stop() {
    stopped = true;
  },
  /** Sends this letter. */
  send: (id: string, input: Partial<LetterInput>) => send(id, { ...simple, ...input }, {}),
  /** Whether a letter is stored now. */
  works: async () => (await send(`${name}-${next++}`, simple, {})) === "stored",
});
ready();
