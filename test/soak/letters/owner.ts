import { setTimeout as sleep } from "node:timers/promises";
import { answer, ready } from "@muove/testkit/child";
import { connect, type LetterContext, supervised } from "muove";
import { keeper } from "../records.js";
import { type LetterInput, letters } from "./contract.js";
import type { Finished, LetterRecord } from "./records.js";
import { recordStalls } from "./stalls.js";

// An owner of the letters of the soak. It does with each what its input says, and records how it begins and ends.

const { NATS_URL, FOLDER = ".", NAME = "owner" } = process.env;
const bus = connect({ service: "owner", servers: NATS_URL, pingInterval: 500 });
const keep = keeper<LetterRecord>(FOLDER, `${NAME}-${bus.status.instance}`);
let runs = 0;

async function work({ ms, fails, after, bury }: LetterInput, ctx: LetterContext) {
  const { id, attempt, signal, sentAt } = ctx;
  const run = `${bus.status.instance}-${runs++}`;
  const finished = (how: Finished["how"]): void => keep({ type: "finished", id, run, how, at: Date.now() });
  keep({ type: "started", id, owner: NAME, run, attempt, at: Date.now() });
  const early = sentAt + after - Date.now();
  if (early > 0) {
    finished("later");
    return ctx.later(early);
  }
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
  if (signal.aborted) {
    finished("aborted");
    throw signal.reason;
  }
  if (bury) {
    finished("buried");
    return ctx.bury("its sender wished so");
  }
  finished(attempt <= fails ? "failed" : "handled");
  if (attempt <= fails) throw new Error(`try ${attempt} of ${fails} that fail`);
}

bus.on("connected", () => keep({ type: "connected", of: NAME, at: Date.now() }));
bus.serve(letters, { work });
recordStalls(NAME, keep);

answer({ status: () => bus.status });
supervised(bus);
ready();
