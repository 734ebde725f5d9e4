import { cast, mailbox } from "muove";
import { z } from "zod";

const day = 86_400_000;

export const letters = mailbox(
  "letters",
  {
    /** Tells a patient something. */
    post: cast({
      input: z.object({ patient: z.string(), text: z.string() }),
      durable: true,
      handlerTimeout: 30_000,
    }),
  },
  { version: "1.0.0", mail: { maxBytes: 256 * 1_048_576, replicas: 1, duplicateWindow: day } },
);
