import { cast, connect, mailbox } from "muove";
import { z } from "zod";
import { concurrency, type LetterContender } from "./contender.js";

const letters = mailbox(
  "letters",
  { post: cast({ input: z.object({ number: z.int(), text: z.string() }), durable: true }) },
  { mail: { maxBytes: 512 * 1_048_576 } },
);

/** Muove's durable casts. */
export const muove: LetterContender = {
  async handle(url) {
    const bus = connect({ service: "letters", servers: url, logger: false });
    let [count, sum] = [0, 0];
    const post = ({ number }: { readonly number: number }): undefined => {
      count++;
      sum += number;
    };
    bus.serve(letters, { post }, { letters: { concurrency } });
    await bus.connected();
    return () => ({ count, sum });
  },

  async connect(url) {
    const bus = connect({ service: "sender", servers: url, logger: false });
    await bus.connected();
    const client = bus.to(letters);
    return async (letter) => (await client.post(letter)).status === "stored";
  },
};
