import type { Bus } from "muove";
import { letters } from "./contract.js";

interface Printer {
  /** Prints a letter once for each key, however often it is asked to. */
  print(text: string, options: { idempotencyKey: string; signal: AbortSignal }): Promise<"done" | "busy">;
}

interface Addresses {
  of(patient: string): string | undefined;
}

export function serveLetters(bus: Bus, addresses: Addresses, printer: Printer): void {
  // #region serve
  bus.serve(
    letters,
    {
      async post({ patient, text }, ctx) {
        const address = addresses.of(patient);
        if (address === undefined) return ctx.bury("no address"); // Among the dead letters at once.
        const state = await printer.print(`${address}\n${text}`, { idempotencyKey: ctx.id, signal: ctx.signal });
        if (state === "busy") return ctx.later(60_000); // Not before a minute has passed; this is no failure.
        return undefined; // Done: the letter is gone from its stream.
      },
    },
    { letters: { concurrency: 16 } },
  );
  // #endregion
}
