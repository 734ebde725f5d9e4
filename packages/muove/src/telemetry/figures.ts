import type { DeadLetter } from "../outcome/dead-letter.js";
import { instruments } from "./meter.js";

/** A cast or an event reached nobody, or may have. @param address such as `pricing.repriced`. */
export function tellDeadLetter(address: string, reason: DeadLetter["reason"]): void {
  instruments()?.deadLetters.add(1, { "muove.address": address, "error.type": reason });
}

/** A message was refused or dropped unread. @param address such as `pricing.quote`. */
export function tellRefused(address: string, reason: "overloaded" | "draining" | "expired"): void {
  instruments()?.refused.add(1, { "muove.address": address, "error.type": reason });
}
