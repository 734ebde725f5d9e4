import { setTimeout as sleep } from "node:timers/promises";
import { type Client, call, connect, mailbox } from "muove";
import { z } from "zod";
import { answerTo, isRight, type Question, timeout } from "../work/question.js";
import type { Caller, Contender } from "./contender.js";

// As shipped: validation on both sides, deadline, circuit, bounded mailbox, outcomes.

const bench = mailbox("bench", {
  quote: call({
    input: z.object({ id: z.int(), sku: z.string(), quantity: z.int().positive(), note: z.string() }),
    output: z.object({ id: z.int(), cents: z.int(), note: z.string() }),
    timeout,
  }),
});

export const muove: Contender = {
  async serve(url) {
    const bus = connect({ service: "bench", servers: url });
    bus.serve(bench, { quote: answerTo });
    while (bus.status.mailboxes[0]?.state !== "open") await sleep(5);
  },

  async connect(url) {
    const bus = connect({ service: "caller", servers: url });
    await new Promise<void>((resolve) => void bus.on("connected", () => resolve()));
    return new MuoveCaller(bus.to(bench));
  },
};

class MuoveCaller implements Caller {
  readonly #bench: Client<typeof bench.messages>;

  constructor(client: Client<typeof bench.messages>) {
    this.#bench = client;
  }

  async ask(question: Question): Promise<boolean> {
    const outcome = await this.#bench.quote(question);
    if (outcome.status === "ok") return isRight(question, outcome.value);
    throw new Error(JSON.stringify(outcome));
  }
}
