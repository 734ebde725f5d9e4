import { cast, type Handlers, mailbox } from "muove";
import { z } from "zod";

const text = z.string();

export const letters = mailbox(
  "letters",
  {
    post: cast({ input: z.object({ text }), durable: { tries: 1 } }),
    print: cast({ input: z.object({ text }), durable: { tries: 1 } }),
    /** Not durable. */
    ring: cast({}),
  },
  { mail: { maxBytes: 8 * 1_048_576 } },
);

/** Handlers that do nothing, but for those given. */
export const handlers = (
  own: Partial<Handlers<(typeof letters)["messages"]>> = {},
): Handlers<(typeof letters)["messages"]> => ({ post() {}, print() {}, ring() {}, ...own });
