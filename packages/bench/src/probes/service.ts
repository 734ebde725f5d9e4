import { setTimeout as sleep } from "node:timers/promises";
import type { Answers } from "@muove/testkit/child";
import { connect } from "muove";
import { memoryInUse } from "../processes/memory.js";
import type { Question } from "../work/question.js";
import { full, holding } from "./contract.js";

// A service that holds its calls.

export async function open(url: string): Promise<Answers> {
  const bus = connect({ service: "probed", servers: url });
  const held: (() => void)[] = [];
  const hold = ({ id }: Question): Promise<number> => new Promise((resolve) => void held.push(() => resolve(id)));
  bus.serve(holding, { hold }, { concurrency: 50_000, backlog: 50_000 });
  bus.serve(full, { hold }, { concurrency: 1, backlog: 1 });
  while (bus.status.mailboxes.some(({ state }) => state !== "open")) await sleep(1);
  return {
    held: () => held.length,
    release: () => {
      for (const resolve of held.splice(0)) resolve();
    },
    memoryInUse,
  };
}
