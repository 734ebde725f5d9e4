import { setTimeout as sleep } from "node:timers/promises";
import { type Client, call, cast, connect, type Mailbox, mailbox } from "muove";
import { z } from "zod";
import { answerTo, isRight, type Question, timeout } from "../work/question.js";
import { answer, question } from "../work/schemas.js";
import type { Arrived, Caller, Casts, Contender } from "./contender.js";
import { Tally } from "./tally.js";

// As shipped: validation on both sides, deadline, circuit, bounded mailbox, outcomes, dead letters.

const messages = {
  quote: call({ input: question, output: answer, timeout }),
  sold: cast({ input: question }),
  arrived: call({ output: z.object({ count: z.int(), sum: z.int() }), timeout }),
};

/** One service with many mailboxes, some of which are asked in turn. */
export function muoveWith(mailboxes: number, asked: number): Contender {
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
      const [first, ...others] = all.slice(0, asked).map((one: Mailbox<string, typeof messages>) => bus.to(one));
      if (first === undefined) throw new Error("there is no mailbox to ask");
      return new MuoveCaller([first, ...others]);
    },
  };
}

class MuoveCaller implements Caller, Casts {
  readonly #ask: readonly Client<typeof messages>["quote"][];
  readonly #send: readonly Client<typeof messages>["sold"][];
  readonly #arrived: Client<typeof messages>["arrived"];

  constructor(clients: readonly [Client<typeof messages>, ...Client<typeof messages>[]]) {
    this.#ask = clients.map(({ quote }) => quote);
    this.#send = clients.map(({ sold }) => sold);
    this.#arrived = clients[0].arrived;
  }

  get casts(): Casts {
    return this;
  }

  async ask(question: Question): Promise<boolean> {
    const outcome = await inTurn(this.#ask, question.id)(question);
    if (outcome.status === "ok") return isRight(question, outcome.value);
    throw new Error(JSON.stringify(outcome));
  }

  send(question: Question): void {
    inTurn(this.#send, question.id)(question);
  }

  arrived(): Promise<Arrived> {
    return this.#arrived().orThrow();
  }
}

function inTurn<T>(all: readonly T[], turn: number): T {
  return all[turn % all.length] as T;
}
