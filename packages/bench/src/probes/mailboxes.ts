import { setTimeout as sleep } from "node:timers/promises";
import type { Answers } from "@muove/testkit/child";
import { call, cast, connect, mailbox } from "muove";
import { z } from "zod";
import { memoryInUse } from "../processes/memory.js";

// A process with many mailboxes: it serves them, or sends to them.

const input = z.object({ id: z.int() });
const messages = { quote: call({ input, output: z.int() }), sold: cast({ input }) };

export async function open(url: string): Promise<Answers> {
  const bus = connect({ service: "mailboxes", servers: url });
  await new Promise<void>((resolve) => void bus.on("connected", () => resolve()));
  const clients: unknown[] = [];
  const contracts = (count: number) => Array.from({ length: count }, (_, i) => mailbox(`mailbox${i}`, messages));

  /** The bytes per mailbox, without its contract. */
  async function served(count: number): Promise<number> {
    const all = contracts(count);
    const before = memoryInUse();
    for (const one of all) bus.serve(one, { quote: ({ id }) => id, sold() {} });
    while (bus.status.mailboxes.some(({ state }) => state !== "open")) await sleep(10);
    return (memoryInUse() - before) / count;
  }

  function addressed(count: number): number {
    const all = contracts(count);
    const before = memoryInUse();
    for (const one of all) clients.push(bus.to(one));
    return (memoryInUse() - before) / count;
  }

  return { served, addressed };
}
