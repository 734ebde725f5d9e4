import { cast, mailbox } from "muove";
import { z } from "zod";

/** How often a letter of the soak is tried. */
export const tries = 3;

const input = z.object({
  /** How long its handler takes, in ms. */
  ms: z.number(),
  /** In how many tries its handler fails. */
  fails: z.number(),
  /** How long after it was sent it may be handled, in ms: until then, its handler puts it aside. */
  after: z.number(),
  /** Whether its handler buries it. */
  bury: z.boolean(),
});

export type LetterInput = z.infer<typeof input>;

/** The letters of the soak. Each has an id of its own, and every start and end of a handler is recorded. */
export const letters = mailbox(
  "soak-letters",
  { work: cast({ input, durable: { tries }, handlerTimeout: 10_000 }) },
  { mail: { maxBytes: 512 * 1_048_576 } },
);

/** Letters of which a great many wait. */
export const backlog = mailbox(
  "backlog",
  { count: cast({ input: z.object({ number: z.int(), text: z.string() }), durable: true }) },
  { mail: { maxBytes: 512 * 1_048_576 } },
);
