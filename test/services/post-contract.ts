import { cast, mailbox } from "muove";
import { z } from "zod";

const text = z.string();

/** The durable casts that failure tests send. Its service writes down what it does with each; see post.ts. */
export const post = mailbox(
  "post",
  {
    /** Handled at once. */
    send: cast({ input: z.object({ text }), durable: true }),
    /** Takes this many ms, unless its signal aborts. */
    slow: cast({ input: z.object({ text, ms: z.int() }), durable: true }),
    /** Takes this many ms, which may be more than it has. */
    brief: cast({ input: z.object({ text, ms: z.int() }), durable: { tries: 2 }, handlerTimeout: 1_500 }),
    /** Always fails. */
    fail: cast({ input: z.object({ text }), durable: { tries: 2 } }),
  },
  { mail: { maxBytes: 64 * 1_048_576, replicas: 1 } },
);

/** The same in a cluster of three. */
export const clusterPost = mailbox("post", post.messages, { mail: { replicas: 3 } });

/** What the service writes down of a letter, as a line of JSON. */
export interface PostEntry {
  readonly what: "began" | "handled" | "aborted" | "failed";
  readonly text: string;
  readonly id: string;
  readonly attempt: number;
  readonly instance: string;
  /** In ms since the epoch. */
  readonly at: number;
}
