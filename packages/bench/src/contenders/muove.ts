import { setTimeout as sleep } from "node:timers/promises";
import { type Client, call, cast, connect, type Mailbox, mailbox } from "muove";
import { z } from "zod";
import { answerTo, isRight, type Question, timeout } from "../work/question.js";
import type { Arrived, Caller, Casts, Contender } from "./contender.js";
import { Tally } from "./tally.js";

// As shipped: validation on both sides, deadline, circuit, bounded mailbox, outcomes, dead letters.

const question = z.object({ id: z.int(), sku: z.string(), quantity: z.int().positive(), note: z.string() });
const messages = {
  quote: call({ input: question, output: z.object({ id: z.int(), cents: z.int(), note: z.string() }), timeout }),
  sold: cast({ input: question }),
  arrived: call({ output: z.object({ count: z.int(), sum: z.int() }), timeout }),
};

/** One service with so many mailboxes, which are asked in turn. */
export function muoveWith(mailboxes: number): Contender {
  const all = Array.from({ length: mailboxes }, (_, i) => mailbox(`bench${i}`, messages));
  return {
    async serve(url) {
      const bus = connect({ service: "bench", servers: url });
      const tally = new Tally();
      const handlers = { quote: answerTo, sold: tally.add, arrived: () => tally.arrived };
      for (const one of all) bus.serve(one, handlers);
      while (bus.status.mailboxes.some(({ state }) => state !== "open")) await sleep(1);
    },

    async connect(url) {
      const bus = connect({ service: "caller", servers: url });
      await new Promise<void>((resolve) => void bus.on("connected", () => resolve()));
      return new MuoveCaller(all.map((one: Mailbox<string, typeof messages>) => bus.to(one)));
    },
  };
}

class MuoveCaller implements Caller, Casts {
  readonly #clients: readonly Client<typeof messages>[];

  constructor(clients: readonly Client<typeof messages>[]) {
    this.#clients = clients;
  }

  get casts(): Casts {
    return this;
  }

  async ask(question: Question): Promise<boolean> {
    const outcome = await this.#client(question.id).quote(question);
    if (outcome.status === "ok") return isRight(question, outcome.value);
    throw new Error(JSON.stringify(outcome));
  }

  send(question: Question): void {
    this.#client(question.id).sold(question);
  }

  arrived(): Promise<Arrived> {
    return this.#client(0).arrived().orThrow();
  }

  #client(id: number): Client<typeof messages> {
    const client = this.#clients[id % this.#clients.length];
    if (client === undefined) throw new Error("there is no mailbox to ask");
    return client;
  }
}
