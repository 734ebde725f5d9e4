import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { answer } from "@muove/testkit/child";
import { connect, type LetterContext, supervised } from "muove";
import { clusterPost, type PostEntry, post } from "./post-contract.js";

// The service that handles letters in failure tests. JOURNAL: the file with what it did, which outlives it. USER: the
// NATS user to be, whose password is its name. REPLICAS: 3 in a cluster. CONCURRENCY: of letters.

const { NATS_URL, JOURNAL, USER, REPLICAS, CONCURRENCY } = process.env;
const credentials = USER && { credentials: { user: USER, pass: USER } };
const bus = connect({ service: "post", servers: NATS_URL, ...credentials });

function write(what: PostEntry["what"], text: string, { id, attempt }: LetterContext): void {
  const entry: PostEntry = { what, text, id, attempt, instance: bus.status.instance, at: Date.now() };
  if (JOURNAL) appendFileSync(JOURNAL, `${JSON.stringify(entry)}\n`);
}

async function work(text: string, ms: number, ctx: LetterContext): Promise<void> {
  write("began", text, ctx);
  const aborted = await sleep(ms, false, { signal: ctx.signal }).catch(() => true);
  write(aborted ? "aborted" : "handled", text, ctx);
  if (aborted) throw ctx.signal.reason;
}

bus.serve(
  REPLICAS === "3" ? clusterPost : post,
  {
    send({ text }, ctx) {
      write("began", text, ctx);
      write("handled", text, ctx);
    },
    slow: ({ text, ms }, ctx) => work(text, ms, ctx),
    brief: ({ text, ms }, ctx) => work(text, ms, ctx),
    fail({ text }, ctx) {
      write("failed", text, ctx);
      throw new Error(`${text} cannot be handled`);
    },
  },
  { letters: { concurrency: Number(CONCURRENCY ?? 16) } },
);

answer({ status: () => bus.status, health: () => bus.health });

supervised(bus);
