import type { Message } from "@muove/contract";
import type { Figures } from "./figures.js";

/** What is served, or listened to. */
export interface Served {
  /** Such as `pricing.quote`. */
  readonly address: string;
  /** The subject at which any instance, or anybody, gets it. */
  readonly subject: string;
  readonly definition: Message;
  /** What becomes of it is counted here. */
  readonly figures: Figures;
}
