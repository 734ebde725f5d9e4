import type { Bus } from "muove";
import { stock } from "./contract.js";

export function sold(bus: Bus): string {
  // #region cast
  const receipt = bus.to(stock).sold({ sku: "tea", pieces: 1 }); // No await needed; it throws only for programmer errors.
  // #endregion
  return receipt.status;
}

export function watchDeadLetters(bus: Bus, undelivered: unknown[]): void {
  // #region dead-letters
  bus.on("deadLetter", ({ mailbox, message, input, reason, delivered }) => {
    undelivered.push({ to: `${mailbox}.${message}`, input, reason, delivered });
  });
  // #endregion
}
